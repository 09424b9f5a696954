import { countsOfImported } from '../../core/counts/total.ts'
import type { BooksKind, BooksPart, BooksRecords } from '../../store/moving.ts'
import type { Page, PageRequest } from '../../store/reading.ts'
import type { MemoryBooks } from './books.ts'
import { addToTotal } from './counts/totals.ts'
import { listAudit, putAudit } from './access/audit.ts'
import { keepRedactions, readRedactions } from './declarations.ts'
import { putJob } from './jobs/job-rows.ts'
import { putLedgerRow, putSchedule, putTimelineRow } from './schedules.ts'

const all: { readonly [Kind in BooksKind]: (books: MemoryBooks) => BooksRecords[Kind][] } = {
  books: ({ id, fence, ledgerPrunedUntil }) => [{ id, lastFence: fence, ledgerPrunedUntil }],
  pausedQueue: books => Array.from(books.pausedQueues, ([queue, pausedAt]) => ({ queue, pausedAt })),
  registration: books => [...books.registrations.values()],
  seat: books => [...books.seats.values()],
  redaction: readRedactions,
  audit: books => [...listAudit(books, {}, { limit: books.audit.size }).items],
  job: books => [...books.jobs.values()],
  step: books =>
    Array.from(books.steps, ([jobId, steps]) =>
      Array.from(steps, ([name, result]) => ({ jobId, name, result }))
    ).flat(),
  ledger: books => [...books.ledgers.values()].flatMap(ledger => ledger.items),
  timeline: books => [...books.timelines.values()].flat(),
  schedule: books => [...books.schedules.values()]
}

export function exportPage<Kind extends BooksKind>(
  books: MemoryBooks,
  kind: Kind,
  { limit, cursor = '0' }: PageRequest
): Page<BooksRecords[Kind]> {
  const records = all[kind](books)
  const end = Number(cursor) + limit
  return { items: records.slice(Number(cursor), end), cursor: end < records.length ? String(end) : undefined }
}

export function importPart(books: MemoryBooks, { exportId, number, records }: BooksPart): 'taken' | 'not-empty' {
  const { imported } = books
  const isContinued = imported?.exportId === exportId
  if (isContinued && imported.parts > number) return 'taken'
  if (isContinued ? imported.parts < number : number > 0 || !isEmpty(books)) return 'not-empty'
  for (const { id, lastFence, ledgerPrunedUntil } of records.books ?? [])
    Object.assign(books, { id, fence: Math.max(books.fence, lastFence), ledgerPrunedUntil })
  for (const { queue, pausedAt } of records.pausedQueue ?? []) books.pausedQueues.set(queue, pausedAt)
  for (const registration of records.registration ?? []) books.registrations.set(registration.app, registration)
  for (const seat of records.seat ?? []) books.seats.set(seat.seat, seat)
  keepRedactions(books, records.redaction ?? [])
  for (const entry of records.audit ?? []) putAudit(books, entry)
  for (const job of records.job ?? []) putJob(books, job)
  for (const { jobId, name, result } of records.step ?? [])
    books.steps.set(jobId, new Map(books.steps.get(jobId)).set(name, result))
  for (const row of records.ledger ?? []) putLedgerRow(books, row)
  for (const count of countsOfImported(records.ledger ?? [])) addToTotal(books, count)
  for (const row of records.timeline ?? []) putTimelineRow(books, row)
  for (const state of records.schedule ?? []) putSchedule(books, state)
  books.imported = { exportId, parts: number + 1 }
  return 'taken'
}

const isEmpty = (books: MemoryBooks): boolean =>
  books.imported === undefined &&
  [books.pausedQueues, books.registrations, books.seats, books.jobs, books.ledgers, books.schedules, books.nodes].every(
    rows => rows.size === 0
  )
