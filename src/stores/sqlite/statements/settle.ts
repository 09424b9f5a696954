import type { Failure } from '../../../core/job/job.ts'
import { MAX_KEPT_FAILURES } from '../../../core/job/job.ts'
import type { Outcome, Report, RunningJob, SettleAnswer } from '../../../core/job/settle.ts'
import { rescueFailure, stateAfterReport } from '../../../core/job/settle.ts'
import { orUndefined } from '../books.ts'
import type { Books } from '../books.ts'
import { deliveryOf, outcomeCodes, stateCodes } from '../../sql/codes.ts'
import { completer } from './complete.ts'
import { finish } from './finish.ts'
import { noteOtherEnd } from './health.ts'
import { makeAvailable } from './places.ts'

/** The values of an attempt's row, returned when the row is deleted from `running`. */
export type AttemptRow = readonly [
  node: string,
  claimedAt: number,
  startedAt: number | null,
  cancelRequestedAt: number | null
]

// The guard (rule 7): only this attempt's own row is deleted, which exists only while the attempt runs.
export const END_ATTEMPT = `
DELETE FROM escapement_running WHERE id = ? AND fence = ? RETURNING node, claimed_at, started_at, cancel_requested_at`

export function settle(books: Books, reports: readonly Report[]): SettleAnswer[] {
  const complete = completer(books)
  return reports.map(report => {
    const { outcome } = report
    const isWritten = outcome.kind === 'completed' ? complete(report, outcome.result) : endOtherwise(books, report)
    return isWritten ? 'accepted' : answerToStale(books, report)
  })
}

const LAST_REPORT = `
SELECT fence, outcome FROM escapement_job WHERE id = ? AND NOT EXISTS (SELECT 1 FROM escapement_running WHERE id = ?)
UNION ALL SELECT fence, outcome FROM escapement_finished WHERE id = ?
UNION ALL SELECT NULL, NULL FROM escapement_running WHERE id = ?`

/** Nothing is written. A repetition of the last report is accepted. */
function answerToStale({ connection }: Books, { id, fence, outcome }: Report): SettleAnswer {
  const last = connection.prepare<[number | null, number | null]>(LAST_REPORT).get(id, id, id, id)
  if (last === undefined) return 'unknown'
  return last[0] === fence && last[1] === outcomeCodes[outcome.kind] ? 'accepted' : 'stale'
}

type JobRow = readonly [
  delivery: number,
  rescues: number,
  runAt: number,
  errors: string | null,
  failures: number,
  scheduleId: string | null
]
const JOB = 'SELECT delivery, rescues, run_at, errors, failures, schedule_id FROM escapement_job WHERE id = ?'
const FREE =
  'UPDATE escapement_job SET state = ?, run_at = ?, failures = ?, errors = ?, fence = ?, outcome = ? WHERE id = ?'
const SNOOZE = `
UPDATE escapement_job SET state = ${stateCodes.scheduled}, run_at = ?, snoozes = ifnull(snoozes, 0) + 1, snoozed_at = ?, fence = ?, outcome = ? WHERE id = ?`

function endOtherwise(books: Books, { id, fence, outcome }: Report): boolean {
  const attempt = books.connection.prepare<AttemptRow>(END_ATTEMPT).get(id, fence)
  if (attempt === undefined) return false
  const job = books.connection.prepare<JobRow>(JOB).get(id)!
  const now = books.now()
  const before = runningJob(job, attempt)
  const state = stateAfterReport(before, outcome)
  const failure = failureOf(outcome) ?? (state === 'discarded' ? rescueFailure(before, now) : undefined)
  const errors = withFailure(job[3], failure)
  const failures = job[4] + (outcome.kind === 'failed' ? 1 : 0)
  const reported = outcomeCodes[outcome.kind]
  if (state === 'retryable' || state === 'cancelled' || state === 'discarded') noteOtherEnd(books, job[5], state, now)
  if (state === 'cancelled' || state === 'discarded') {
    finish(books, id, { ...endOf(attempt, now), state, fence, outcome: reported, errors, failures })
    return true
  }
  if (outcome.kind === 'snoozed') {
    books.connection.prepare(SNOOZE).run(Math.max(outcome.until, now), now, fence, reported, id)
    return true
  }
  const runAt = state === 'retryable' ? Math.max(retryAtOf(outcome) ?? now, now) : job[2]
  books.connection.prepare(FREE).run(stateCodes[state], runAt, failures, errors, fence, reported, id)
  if (state === 'available') makeAvailable(books, id)
  return true
}

const failureOf = (outcome: Outcome): Failure | undefined => (outcome.kind === 'failed' ? outcome.failure : undefined)
const retryAtOf = (outcome: Outcome): number | undefined => (outcome.kind === 'failed' ? outcome.retryAt : undefined)

export const runningJob = (
  [delivery, rescues]: readonly [number, number, ...unknown[]],
  attempt: AttemptRow
): RunningJob => ({
  delivery: deliveryOf(delivery),
  rescues,
  startedAt: orUndefined(attempt[2]),
  cancelRequestedAt: orUndefined(attempt[3])
})

export const endOf = ([node, claimedAt, startedAt, cancelRequestedAt]: AttemptRow, finishedAt: number) => ({
  node,
  claimedAt,
  startedAt,
  cancelRequestedAt,
  finishedAt
})

/** The job's errors as JSON, with one more. */
export function withFailure(errors: string | null, failure: Failure | undefined): string | null {
  if (failure === undefined) return errors
  const kept = errors === null ? [] : (JSON.parse(errors) as Failure[])
  return JSON.stringify([...kept, failure].slice(-MAX_KEPT_FAILURES))
}
