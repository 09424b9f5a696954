import type { Failure, Job, JobState } from '../../../core/job/job.ts'
import { isFinished, MAX_KEPT_FAILURES } from '../../../core/job/job.ts'
import type { Outcome, Report, SettleAnswer } from '../../../core/job/settle.ts'
import { rescueFailure, stateAfterReport } from '../../../core/job/settle.ts'
import type { MemoryBooks } from '../books.ts'
import { noteEnd } from '../counts/health.ts'
import { currentRow, dropJob, putJob } from './job-rows.ts'

type FailedOutcome = Extract<Outcome, { readonly kind: 'failed' }>

/** What a row loses when its job can be claimed again. */
export const unheld = { node: undefined, claimedAt: undefined, startedAt: undefined } as const

export const settle = (books: MemoryBooks, reports: readonly Report[], now: number): SettleAnswer[] =>
  reports.map(report => settleOne(books, report, now))

function settleOne(books: MemoryBooks, report: Report, now: number): SettleAnswer {
  return writeReport(books, report, now) ? 'accepted' : answerToStale(books, report)
}

function answerToStale(books: MemoryBooks, report: Report): SettleAnswer {
  if (!books.jobs.has(report.id)) return 'unknown'
  const last = books.reported.get(report.id)
  return last?.fence === report.fence && last.kind === report.outcome.kind ? 'accepted' : 'stale'
}

/** Returns false, and writes nothing, when the attempt is no longer the current one. */
export function writeReport(books: MemoryBooks, { id, fence, outcome }: Report, now: number): boolean {
  const job = currentRow(books, { id, fence })
  if (job === undefined) return false
  const after = rowAfterReport(job, outcome, now)
  putJob(books, after)
  if (after.state === 'completed' && after.keepMs <= 0) dropJob(books, after)
  else books.reported.set(id, { id, fence, kind: outcome.kind })
  noteEnd(books, { ...job, state: after.state }, now)
  return true
}

function rowAfterReport(job: Job, outcome: Outcome, now: number): Job {
  const state = stateAfterReport(job, outcome)
  const after: Job = isFinished(state) ? { ...job, state, finishedAt: now } : { ...job, state, ...unheld }
  if (outcome.kind === 'completed') return { ...after, result: outcome.result }
  if (outcome.kind === 'snoozed' && state === 'scheduled')
    return { ...after, runAt: Math.max(outcome.until, now), snoozes: job.snoozes + 1, snoozedAt: now }
  if (outcome.kind === 'failed') return { ...after, ...afterFailure(job, state, outcome), failures: job.failures + 1 }
  return state === 'discarded' ? { ...after, errors: withFailure(job, rescueFailure(job, now)) } : after
}

const afterFailure = (
  job: Job,
  state: JobState,
  { failure, retryAt }: FailedOutcome
): Pick<Job, 'runAt' | 'errors'> => ({
  runAt: state === 'retryable' && retryAt !== undefined ? retryAt : job.runAt,
  errors: withFailure(job, failure)
})

export const withFailure = (job: Job, failure: Failure): readonly Failure[] =>
  [...job.errors, failure].slice(-MAX_KEPT_FAILURES)
