import { countsOfImported } from '../../../core/counts/total.ts'
import { addToTotals } from './counts.ts'
import type { Job } from '../../../core/job/job.ts'
import { isFinished } from '../../../core/job/job.ts'
import type { BooksPart } from '../../../store/moving.ts'
import { deliveryCodes, originCode, stateCodes } from '../../sql/codes.ts'
import { SEAT_COLUMNS } from '../../sql/seat-rows.ts'
import { orNull, theOne } from '../books.ts'
import type { Books } from '../books.ts'
import type { Cell } from '../connection/driver.ts'
import { insertAudit } from './audit.ts'
import { keepRedactions } from './declarations.ts'
import { JOB_COLUMNS } from './finish.ts'
import { makeAvailable } from './places.ts'
import { insertLedgerRow, insertState, insertTimelineRow } from './schedules.ts'

const IMPORTED = 'SELECT import_of, import_parts FROM escapement_store'
const REMEMBER = 'UPDATE escapement_store SET import_of = ?, import_parts = ?'
const TABLES = ['paused_queue', 'registration', 'seat', 'job', 'finished', 'ledger', 'schedule', 'node']
const IS_EMPTY = `SELECT NOT (${TABLES.map(table => `EXISTS (SELECT 1 FROM escapement_${table})`).join(' OR ')})`

/** Runs within one write. */
export function importPart(books: Books, part: BooksPart): 'taken' | 'not-empty' {
  const { connection } = books
  const { exportId, number } = part
  const [importOf, parts] = theOne(connection, connection.prepare<[string | null, number]>(IMPORTED).get())
  if (importOf === exportId && parts > number) return 'taken'
  const isNext = importOf === null ? number === 0 && isEmpty(books) : importOf === exportId && parts === number
  if (!isNext) return 'not-empty'
  insertBeside(books, part)
  keepRedactions(books, part.records.redaction ?? [])
  part.records.audit?.forEach(entry => insertAudit(books, entry))
  insertJobs(books, part)
  part.records.ledger?.forEach(row => insertLedgerRow(books, row))
  addToTotals(books, countsOfImported(part.records.ledger ?? []))
  part.records.timeline?.forEach(row => insertTimelineRow(books, row))
  part.records.schedule?.forEach(state => insertState(books, state))
  connection.prepare(REMEMBER).run(exportId, number + 1)
  return 'taken'
}

const isEmpty = ({ connection }: Books): boolean => connection.prepare<[number]>(IS_EMPTY).get()![0] === 1

const IDENTITY = 'UPDATE escapement_store SET id = ?, last_fence = max(last_fence, ?), ledger_pruned_until = ?'
const PAUSED_QUEUE = 'INSERT INTO escapement_paused_queue (queue, paused_at) VALUES (?, ?)'
const REGISTRATION = 'INSERT INTO escapement_registration (app, release, hash) VALUES (?, ?, ?)'
const SEAT = `INSERT INTO escapement_seat (${SEAT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

function insertBeside({ connection }: Books, { records }: BooksPart): void {
  for (const { id, lastFence, ledgerPrunedUntil } of records.books ?? [])
    connection.prepare(IDENTITY).run(id, lastFence, orNull(ledgerPrunedUntil))
  for (const { queue, pausedAt } of records.pausedQueue ?? []) connection.prepare(PAUSED_QUEUE).run(queue, pausedAt)
  for (const { app, release, hash } of records.registration ?? [])
    connection.prepare(REGISTRATION).run(app, release, hash)
  for (const { seat, term, counter, ttlMs, holder, electedAt, renewedAt } of records.seat ?? []) {
    const held = [orNull(holder?.id), holder?.host ?? '', holder?.pid ?? 0]
    connection.prepare(SEAT).run(seat, term, counter, ttlMs, ...held, electedAt, renewedAt)
  }
}

const UNFINISHED = `
INSERT INTO escapement_job (id, state, ${JOB_COLUMNS}, failures, rescues, fence, progress, errors)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const FINISHED = `
INSERT INTO escapement_finished (id, state, ${JOB_COLUMNS}, failures, rescues, fence, progress, errors, steps,
  node, claimed_at, started_at, cancel_requested_at, finished_at, result, drop_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)`
const STEP = 'INSERT INTO escapement_step (job_id, name, result) VALUES (?, ?, ?)'
const COUNT_STEP = ['job', 'finished'].map(table => `UPDATE escapement_${table} SET steps = steps + 1 WHERE id = ?`)

function insertJobs(books: Books, { records }: BooksPart): void {
  const { connection } = books
  for (const job of records.job ?? []) {
    if (isFinished(job.state)) connection.prepare(FINISHED).run(...cellsOf(books, job), ...endingOf(job))
    else connection.prepare(UNFINISHED).run(...cellsOf(books, job))
    insertMore(books, job)
    if (job.state === 'available') makeAvailable(books, job.id)
  }
  for (const { jobId, name, result } of records.step ?? []) {
    connection.prepare(STEP).run(jobId, name, result)
    for (const count of COUNT_STEP) connection.prepare(count).run(jobId)
  }
}

const MORE = 'UPDATE escapement_job SET snoozes = ?, snoozed_at = ?, unique_until = ? WHERE id = ?'
const INSERT_MORE =
  'INSERT INTO escapement_finished_more (id, snoozes, task, unique_key, unique_until) VALUES (?, ?, ?, ?, ?)'

/** What only some jobs have; those of older exports have none of it. */
function insertMore({ connection, names }: Books, job: Job): void {
  const { id, snoozedAt, uniqueUntil, uniqueKey } = job
  const snoozes = (job.snoozes as number | undefined) || null
  if (snoozes === null && uniqueUntil === undefined) return
  if (!isFinished(job.state)) connection.prepare(MORE).run(snoozes, orNull(snoozedAt), orNull(uniqueUntil), id)
  else if ((uniqueUntil ?? 0) > 0)
    connection.prepare(INSERT_MORE).run(id, snoozes, names.numberOf(job.task), orNull(uniqueKey), uniqueUntil!)
  else connection.prepare(INSERT_MORE).run(id, snoozes, null, null, null)
}

/** The columns that unfinished and finished jobs share. */
const cellsOf = ({ names }: Books, job: Job): Cell[] => [
  job.id,
  stateCodes[job.state],
  names.numberOf(job.task),
  names.numberOf(job.queue),
  job.priority,
  job.runAt,
  job.payload,
  orNull(job.uniqueKey),
  orNull(job.scheduleId),
  orNull(job.fireAt),
  originCode(job),
  job.maxAttempts,
  deliveryCodes[job.delivery],
  job.keepMs,
  job.createdAt,
  job.failures,
  job.rescues,
  orNull(job.fence),
  orNull(job.progress),
  job.errors.length === 0 ? null : JSON.stringify(job.errors)
]

const endingOf = (job: Job): Cell[] => [
  orNull(job.node),
  orNull(job.claimedAt),
  orNull(job.startedAt),
  orNull(job.cancelRequestedAt),
  job.finishedAt!,
  orNull(job.result),
  job.state === 'completed' ? job.finishedAt! + job.keepMs : null
]
