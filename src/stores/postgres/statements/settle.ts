import type { Report, SettleAnswer } from '../../../core/job/settle.ts'
import { rescueFailure, stateAfterReport } from '../../../core/job/settle.ts'
import { outcomeCodes } from '../../sql/codes.ts'
import type { Held } from '../../../store/sparing.ts'
import type { Books, Statement } from '../sql.ts'
import { complete, COMPLETE_SOON } from './complete.ts'
import { distinctCount } from './distinct.ts'
import { END, END_SOON, endAttempts, RUNNING_COLUMNS, runningOf } from './end.ts'
import type { Ending, Running, RunningRow } from './end.ts'
import { heldAttempts, type Spared, sparing } from './spare.ts'
import { unpack, UNPACK_SOON } from './unpack.ts'

type Answer = SettleAnswer | Held
/** Writes as many of the reports as it can, no two of one job. */
type Ended = (books: Books, reports: readonly Report[]) => Promise<Spared>

export const settle = (books: Books, reports: readonly Report[]): Promise<SettleAnswer[]> =>
  settleBy(endAll, books, reports) as Promise<SettleAnswer[]>

/** Never waits for another transaction: a report on a job that one holds is `held`. */
export const settleSparing = (books: Books, reports: readonly Report[]): Promise<Answer[]> =>
  settleBy(endFree, books, reports)

/** If several reports are on one job, the first is settled first, and the next as if it had come later. */
async function settleBy(end: Ended, books: Books, reports: readonly Report[]): Promise<Answer[]> {
  const distinct = distinctCount(reports)
  if (distinct === reports.length) return settleEach(end, books, reports)
  const first = await settleEach(end, books, reports.slice(0, distinct))
  return [...first, ...(await settleBy(end, books, reports.slice(distinct)))]
}

async function settleEach(end: Ended, books: Books, reports: readonly Report[]): Promise<Answer[]> {
  const { written, held } = await end(books, reports)
  const refused = reports.filter(({ id }) => !written.has(id) && !held.has(id))
  const last = await lastReports(books, refused)
  return reports.map(report => {
    if (written.has(report.id)) return 'accepted'
    return held.has(report.id) ? 'held' : answerToStale(report, last.get(report.id))
  })
}

const isSuccess = ({ outcome }: Report): boolean => outcome.kind === 'completed'

async function endAll(books: Books, reports: readonly Report[]): Promise<Spared> {
  const successes = reports.filter(isSuccess)
  const written = await complete(books, successes)
  if (successes.length < reports.length) for (const id of await endOtherwise(books, reports)) written.add(id)
  return { written, held: new Set() }
}

async function endFree(books: Books, reports: readonly Report[]): Promise<Spared> {
  const heldOf = (left: readonly Report[]): Promise<string[]> => heldAttempts(books, left)
  const completed = await sparing(reports.filter(isSuccess), free => complete(books, free, COMPLETE_SOON), heldOf)
  const others = reports.filter(report => !isSuccess(report))
  if (others.length === 0) return completed
  const ended = await sparing(others, free => endSoon(books, free), heldOf)
  return {
    written: new Set([...completed.written, ...ended.written]),
    held: new Set([...completed.held, ...ended.held])
  }
}

/** Some may be written before it gives up: when the reports are repeated, these are found as accepted. */
async function endSoon(books: Books, reports: readonly Report[]): Promise<Set<string>> {
  await unpack(books, reports, UNPACK_SOON)
  return endAsRead(books, reports, { read: READ_RUNNING, end: END_SOON })
}

const READ_RUNNING: Statement = {
  text: `SELECT coalesce($2::bigint, {books}.now_ms()), ${RUNNING_COLUMNS} FROM {books}.job WHERE id = ANY ($1) AND place + 0 < 0`
}

const READ_FREE: Statement = { text: `${READ_RUNNING.text} FOR UPDATE SKIP LOCKED` }

/**
 * Returns the ids of those that were written. Jobs that somebody else is writing come last: that may be the transaction
 * of an abandoned handler, which does not end.
 */
async function endOtherwise(books: Books, reports: readonly Report[]): Promise<Set<string>> {
  await unpack(
    books,
    reports.filter(({ outcome }) => outcome.kind !== 'completed')
  )
  const written = await endAsRead(books, reports, { read: READ_FREE, end: END })
  const left = reports.filter(({ id, outcome }) => outcome.kind !== 'completed' && !written.has(id))
  for (const id of await endAsRead(books, left, { read: READ_RUNNING, end: END })) written.add(id)
  return written
}

/** Reads again what has changed between the read and the write. */
async function endAsRead(
  books: Books,
  reports: readonly Report[],
  { read, end }: { readonly read: Statement; readonly end: Statement }
): Promise<Set<string>> {
  const written = new Set<string>()
  let open = new Map(reports.map(report => [report.id, report]))
  while (open.size > 0) {
    const rows = await books.database.query<[number, ...RunningRow]>(read, [[...open.keys()], books.now()])
    const endings = rows.flatMap(([now, ...row]) => endingOf(open.get(row[0])!, runningOf(row), now))
    for (const { job } of await endAttempts(books, endings, end)) written.add(job.id)
    open = new Map([...open].filter(([id]) => !written.has(id) && endings.some(({ job }) => job.id === id)))
  }
  return written
}

/** None if another attempt runs by now. None for a success, which is not read before it ends. */
function endingOf({ fence, outcome }: Report, job: Running, now: number): Ending[] {
  if (fence !== job.fence || outcome.kind === 'completed') return []
  const state = stateAfterReport(job, outcome)
  if (state === 'completed' || state === 'running') return []
  const { rescues, failures } = job
  const reported = outcomeCodes[outcome.kind]
  if (outcome.kind === 'snoozed' && state === 'scheduled') {
    const runAt = Math.max(outcome.until, now)
    return [{ job, state, runAt, failures, rescues, snoozes: job.snoozes + 1, failure: undefined, reported }]
  }
  if (outcome.kind !== 'failed') {
    const failure = state === 'discarded' ? rescueFailure(job, now) : undefined
    return [{ job, state, runAt: job.runAt, failures, rescues, failure, reported }]
  }
  const retryAt = state === 'retryable' ? Math.max(outcome.retryAt ?? now, now) : job.runAt
  return [{ job, state, runAt: retryAt, failures: failures + 1, rescues, failure: outcome.failure, reported }]
}

const LAST_REPORTS: Statement = {
  text: `
SELECT id, CASE WHEN place >= 0 THEN fence END, outcome FROM {books}.unfinished_of($1)
UNION ALL SELECT id, fence, outcome FROM {books}.finished WHERE id = ANY ($1)`
}

type LastReport = readonly [fence: number | null, outcome: number | null]

/** The last report of each job that exists; a running job has none. */
async function lastReports({ database }: Books, reports: readonly Report[]): Promise<Map<string, LastReport>> {
  if (reports.length === 0) return new Map()
  const rows = await database.query<[string, ...LastReport]>(LAST_REPORTS, [reports.map(({ id }) => id)])
  return new Map(rows.map(([id, fence, outcome]) => [id, [fence, outcome]]))
}

/** Nothing is written. A repetition of the last report is accepted. */
function answerToStale({ fence, outcome }: Report, last: LastReport | undefined): SettleAnswer {
  if (last === undefined) return 'unknown'
  return last[0] === fence && last[1] === outcomeCodes[outcome.kind] ? 'accepted' : 'stale'
}
