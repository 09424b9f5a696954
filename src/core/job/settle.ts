import type { AttemptKey, Delivery, Failure, JobState } from './job.ts'

/** How an attempt ended, as its node reports it. */
export type Outcome =
  /** `result` is JSON. */
  | { readonly kind: 'completed'; readonly result: string | undefined }
  /** Charged against `maxAttempts`. Without `retryAt` the job is discarded. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly retryAt: number | undefined }
  /** Not charged: it never began, or it has ended because its node stops. */
  | { readonly kind: 'given-back' }

export interface Report extends AttemptKey {
  readonly outcome: Outcome
}

/**
 * - `accepted`: written now, or the same report had been written before and the job was not claimed since.
 * - `stale`: this attempt is no longer the current one; nothing was written.
 * - `unknown`: no such job, or it was dropped after it had finished.
 */
export type SettleAnswer = 'accepted' | 'stale' | 'unknown'

/** What of a running job decides what a report makes of it. */
export interface RunningJob {
  readonly delivery: Delivery
  readonly startedAt: number | undefined
  readonly cancelRequestedAt: number | undefined
  readonly rescues: number
}

/** The state after a report on the current attempt, by the rules that every store keeps. */
export function stateAfterReport(job: RunningJob, outcome: Outcome): JobState {
  if (outcome.kind === 'completed') return 'completed'
  const begunAtMostOnce = job.delivery === 'at-most-once' && job.startedAt !== undefined
  if (outcome.kind === 'given-back' && begunAtMostOnce) return 'discarded'
  if (job.cancelRequestedAt !== undefined) return 'cancelled'
  if (outcome.kind === 'given-back') return 'available'
  return outcome.retryAt === undefined || job.delivery === 'at-most-once' ? 'discarded' : 'retryable'
}

/** A job that died alone so often is its own murderer. Its first death may have been a neighbour's fault and isn't counted. */
export const LONE_DEATHS_OF_POISON = 3

/** The state after the job was taken from a node that is gone. `job.rescues` counts those before this one. */
export function stateAfterRescue(job: RunningJob): JobState {
  if (job.delivery === 'at-most-once' && job.startedAt !== undefined) return 'discarded'
  if (job.rescues >= LONE_DEATHS_OF_POISON) return 'discarded'
  return job.cancelRequestedAt === undefined ? 'available' : 'cancelled'
}

/** Why a rescue discarded a job, as it is written among the job's errors. */
export function rescueFailure(job: RunningJob, now: number): Failure {
  const lost = job.delivery === 'at-most-once'
  return {
    attempt: job.rescues + 1,
    at: now,
    code: lost ? 'lost' : 'poison',
    message: lost
      ? 'Its node was lost after the handler had begun; an at-most-once job is not run again.'
      : `Its node was lost ${job.rescues + 1} times while it ran, the last ${LONE_DEATHS_OF_POISON} times with no other job beside it.`
  }
}
