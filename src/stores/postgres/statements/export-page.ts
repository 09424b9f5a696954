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
import { listJobs } from '../jobs/job-pages.ts'
import type { Books, Statement } from '../sql.ts'
import { theOne } from '../schema/whole.ts'
import { listAudit } from './audit.ts'
import { readRedactions } from './declarations.ts'
import { listSchedules } from './reading.ts'
import { listSeats } from './seats.ts'

const IDENTITY: Statement = {
  text: 'SELECT id, CASE WHEN is_called THEN (last_value << 11) | 2047 ELSE 0 END, ledger_pruned_until FROM {books}.store, {books}.fence'
}
const PAUSED: Statement = { text: 'SELECT queue, paused_at FROM {books}.paused_queue ORDER BY queue' }
const REGISTRATIONS: Statement = { text: 'SELECT app, release, hash FROM {books}.registration ORDER BY app' }
const STEPS: Statement = {
  text: 'SELECT number, job_id, name, result FROM {books}.step WHERE number > $1 ORDER BY number LIMIT $2'
}
const TIMELINES: Statement = {
  text: `
SELECT number, ${TIMELINE_COLUMNS} FROM {books}.timeline WHERE (schedule_id, number) > ($1, $2) ORDER BY schedule_id, number LIMIT $3`
}
const LEDGERS: Statement = {
  text: `SELECT ${LEDGER_COLUMNS} FROM {books}.ledger WHERE (schedule_id, fire_at) > ($1, $2) ORDER BY schedule_id, fire_at LIMIT $3`
}

const pages: {
  readonly [Kind in BooksKind]: (books: Books, page: PageRequest) => Promise<Page<BooksRecords[Kind]>>
} = {
  books: async ({ database }) => {
    const rows = await database.query<[string, number, number | null]>(IDENTITY)
    const [id, lastFence, until] = theOne(database, rows)
    return whole([{ id, lastFence, ledgerPrunedUntil: until ?? undefined }])
  },
  pausedQueue: async ({ database }) => {
    const rows = await database.query<[string, number]>(PAUSED)
    return whole(rows.map(([queue, pausedAt]) => ({ queue, pausedAt })))
  },
  registration: async ({ database }) => {
    const rows = await database.query<[string, number, string]>(REGISTRATIONS)
    return whole(rows.map(([app, release, hash]) => ({ app, release, hash })))
  },
  seat: async books => whole(await listSeats(books)),
  redaction: async books => whole(await readRedactions(books)),
  audit: (books, page) => listAudit(books, {}, page),
  job: (books, page) => listJobs(books, {}, page),
  step: async ({ database }, { limit, cursor = '0' }) => {
    const rows = await database.query<[number, string, string, string]>(STEPS, [Number(cursor), limit + 1])
    const { items, cursor: next } = pageOf(rows, limit, ([number]) => String(number))
    return { items: items.map(([, jobId, name, result]) => ({ jobId, name, result })), cursor: next }
  },
  ledger: async ({ database }, { limit, cursor = '["",0]' }) => {
    const rows = await database.query<LedgerCells>(LEDGERS, [...(JSON.parse(cursor) as unknown[]), limit + 1])
    return pageOf(rows.map(ledgerRowOf), limit, ({ scheduleId, fireAt }) => JSON.stringify([scheduleId, fireAt]))
  },
  timeline: async ({ database }, { limit, cursor = '["",0]' }) => {
    const values = [...(JSON.parse(cursor) as unknown[]), limit + 1]
    const rows = await database.query<[number, ...TimelineCells]>(TIMELINES, values)
    const { items, cursor: next } = pageOf(rows, limit, ([number, scheduleId]) => JSON.stringify([scheduleId, number]))
    return { items: items.map(([, ...cells]) => timelineRowOf(cells)), cursor: next }
  },
  schedule: async (books, page) => {
    const { items, cursor } = await listSchedules(books, { ...page, includeRemoved: true })
    return { items: items.map(({ state }) => state), cursor }
  }
}

const whole = <T>(items: readonly T[]): Page<T> => ({ items, cursor: undefined })

export const exportPage = <Kind extends BooksKind>(
  books: Books,
  kind: Kind,
  page: PageRequest
): Promise<Page<BooksRecords[Kind]>> => pages[kind](books, page)
