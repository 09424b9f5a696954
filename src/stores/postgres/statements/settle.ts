import type { Report, SettleAnswer } from '../../../core/settle.ts'
import { rescueFailure, stateAfterReport } from '../../../core/settle.ts'
import { outcomeCodes } from '../../sql/codes.ts'
import type { Books, Statement } from '../sql.ts'
import { complete } from './complete.ts'
import { distinctCount } from './distinct.ts'
import { endAttempts, RUNNING_COLUMNS, runningOf } from './end.ts'
import type { Ending, Running, RunningRow } from './end.ts'
import { unpack } from './unpack.ts'

/** Of several reports on one job the first is settled first, and the next as if it had come later. */
export async function settle(books: Books, reports: readonly Report[]): Promise<SettleAnswer[]> {
  const distinct = distinctCount(reports)
  if (distinct === reports.length) return settleEach(books, reports)
  const first = await settleEach(books, reports.slice(0, distinct))
  return [...first, ...(await settle(books, reports.slice(distinct)))]
}

/** No two of them are of one job. */
async function settleEach(books: Books, reports: readonly Report[]): Promise<SettleAnswer[]> {
  const successes = reports.filter(({ outcome }) => outcome.kind === 'completed')
  const written = await complete(books, successes)
  if (successes.length < reports.length) for (const id of await endOtherwise(books, reports)) written.add(id)
  const refused = reports.filter(({ id }) => !written.has(id))
  const last = await lastReports(books, refused)
  return reports.map(report => (written.has(report.id) ? 'accepted' : answerToStale(report, last.get(report.id))))
}

const READ_RUNNING: Statement = {
  text: `SELECT coalesce($2::bigint, {books}.now_ms()), ${RUNNING_COLUMNS} FROM {books}.job WHERE id = ANY ($1) AND place + 0 < 0`
}

const READ_FREE: Statement = { text: `${READ_RUNNING.text} FOR UPDATE SKIP LOCKED` }

/**
 * Answers the ids of those that were written. A job that somebody is writing is waited for when the others have been written: it may
 * be the transaction of a handler that was given up, and does not end.
 */
async function endOtherwise(books: Books, reports: readonly Report[]): Promise<Set<string>> {
  await unpack(
    books,
    reports.filter(({ outcome }) => outcome.kind !== 'completed')
  )
  const written = await endAsRead(books, reports, READ_FREE)
  const left = reports.filter(({ id, outcome }) => outcome.kind !== 'completed' && !written.has(id))
  for (const id of await endAsRead(books, left, READ_RUNNING)) written.add(id)
  return written
}

/** What changed between the look and the write is looked at again. */
async function endAsRead(books: Books, reports: readonly Report[], statement: Statement): Promise<Set<string>> {
  const written = new Set<string>()
  let open = new Map(reports.map(report => [report.id, report]))
  while (open.size > 0) {
    const rows = await books.database.query<[number, ...RunningRow]>(statement, [[...open.keys()], books.now()])
    const endings = rows.flatMap(([now, ...row]) => endingOf(open.get(row[0])!, runningOf(row), now))
    for (const { job } of await endAttempts(books, endings)) written.add(job.id)
    open = new Map([...open].filter(([id]) => !written.has(id) && endings.some(({ job }) => job.id === id)))
  }
  return written
}

/** None if another attempt runs by now, nor of a success, which ends without being looked at. */
function endingOf({ fence, outcome }: Report, job: Running, now: number): Ending[] {
  if (fence !== job.fence || outcome.kind === 'completed') return []
  const state = stateAfterReport(job, outcome)
  if (state === 'completed' || state === 'scheduled' || state === 'running') return []
  const { rescues, failures, runAt } = job
  const reported = outcomeCodes[outcome.kind]
  if (outcome.kind === 'given-back') {
    const failure = state === 'discarded' ? rescueFailure(job, now) : undefined
    return [{ job, state, runAt, failures, rescues, failure, reported }]
  }
  const retryAt = state === 'retryable' ? Math.max(outcome.retryAt ?? now, now) : runAt
  return [{ job, state, runAt: retryAt, failures: failures + 1, rescues, failure: outcome.failure, reported }]
}

const LAST_REPORTS: Statement = {
  text: `
SELECT id, CASE WHEN place >= 0 THEN fence END, outcome FROM {books}.unfinished_of($1)
UNION ALL SELECT id, fence, outcome FROM {books}.finished WHERE id = ANY ($1)`
}

type LastReport = readonly [fence: number | null, outcome: number | null]

/** What was reported last of the jobs that are there; of one that runs, nothing. */
async function lastReports({ database }: Books, reports: readonly Report[]): Promise<Map<string, LastReport>> {
  if (reports.length === 0) return new Map()
  const rows = await database.query<[string, ...LastReport]>(LAST_REPORTS, [reports.map(({ id }) => id)])
  return new Map(rows.map(([id, fence, outcome]) => [id, [fence, outcome]]))
}

/** Nothing is written; but the same report again is told that it stands. */
function answerToStale({ fence, outcome }: Report, last: LastReport | undefined): SettleAnswer {
  if (last === undefined) return 'unknown'
  return last[0] === fence && last[1] === outcomeCodes[outcome.kind] ? 'accepted' : 'stale'
}
