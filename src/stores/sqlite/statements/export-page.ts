import type { BooksKind, BooksRecords } from '../../../store/moving.ts'
import type { Page, PageRequest } from '../../../store/reading.ts'
import { pageOf } from '../../sql/page.ts'
import {
  LEDGER_COLUMNS,
  ledgerRowOf,
  TIMELINE_COLUMNS,
  timelineRowOf,
  type LedgerCells,
  type TimelineCells
} from '../../sql/schedule-rows.ts'
import type { Books } from '../books.ts'
import { theOne } from '../books.ts'
import { listAudit } from './audit.ts'
import { readRedactions } from './declarations.ts'
import { pausedQueues } from './queues.ts'
import { listSchedules } from './reading.ts'
import { listSeats } from './seats.ts'

const IDENTITY = 'SELECT id, last_fence, ledger_pruned_until FROM escapement_store'
const REGISTRATIONS = 'SELECT app, release, hash FROM escapement_registration ORDER BY app'
const STEPS = 'SELECT number, job_id, name, result FROM escapement_step WHERE number > ? ORDER BY number LIMIT ?'
const TIMELINES = `SELECT number, ${TIMELINE_COLUMNS} FROM escapement_timeline WHERE number > ? ORDER BY number LIMIT ?`
const LEDGERS = `
SELECT ${LEDGER_COLUMNS} FROM escapement_ledger WHERE (schedule_id, fire_at) > (?, ?) ORDER BY schedule_id, fire_at LIMIT ?`

/** Jobs are exported by listing them. */
export type ExportedHere = Exclude<BooksKind, 'job'>

const pages: {
  readonly [Kind in ExportedHere]: (books: Books, page: PageRequest) => Page<BooksRecords[Kind]>
} = {
  books: ({ connection }) => {
    const identity = connection.prepare<[string, number, number | null]>(IDENTITY).get()
    const [id, lastFence, prunedUntil] = theOne(connection, identity)
    return whole([{ id, lastFence, ledgerPrunedUntil: prunedUntil ?? undefined }])
  },
  pausedQueue: books => whole(Array.from(pausedQueues(books), ([queue, pausedAt]) => ({ queue, pausedAt }))),
  registration: ({ connection }) => {
    const rows = connection.prepare<[string, number, string]>(REGISTRATIONS).all()
    return whole(rows.map(([app, release, hash]) => ({ app, release, hash })))
  },
  seat: books => whole(listSeats(books)),
  redaction: books => whole(readRedactions(books)),
  audit: (books, page) => listAudit(books, {}, page),
  step: ({ connection }, { limit, cursor = '0' }) => {
    const rows = connection.prepare<[number, string, string, string]>(STEPS).all(Number(cursor), limit + 1)
    const { items, cursor: next } = pageOf(rows, limit, ([number]) => String(number))
    return { items: items.map(([, jobId, name, result]) => ({ jobId, name, result })), cursor: next }
  },
  ledger: ({ connection }, { limit, cursor = '["",0]' }) => {
    const after = JSON.parse(cursor) as [string, number]
    const rows = connection.prepare<LedgerCells>(LEDGERS).all(...after, limit + 1)
    return pageOf(rows.map(ledgerRowOf), limit, ({ scheduleId, fireAt }) => JSON.stringify([scheduleId, fireAt]))
  },
  timeline: ({ connection }, { limit, cursor = '0' }) => {
    const rows = connection.prepare<[number, ...TimelineCells]>(TIMELINES).all(Number(cursor), limit + 1)
    const { items, cursor: next } = pageOf(rows, limit, ([number]) => String(number))
    return { items: items.map(([, ...cells]) => timelineRowOf(cells)), cursor: next }
  },
  schedule: (books, page) => {
    const { items, cursor } = listSchedules(books, { ...page, includeRemoved: true })
    return { items: items.map(({ state }) => state), cursor }
  }
}

const whole = <T>(items: readonly T[]): Page<T> => ({ items, cursor: undefined })

export const exportPage = <Kind extends ExportedHere>(
  books: Books,
  kind: Kind,
  page: PageRequest
): Page<BooksRecords[Kind]> => pages[kind](books, page)
