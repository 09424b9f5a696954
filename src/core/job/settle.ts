import type { AttemptKey, Delivery, Failure, JobState } from './job.ts'

/** How an attempt ended, as its node reports it. */
export type Outcome =
  /** `result` is JSON. */
  | { readonly kind: 'completed'; readonly result: string | undefined }
  /** Charged against `maxAttempts`. Without `retryAt` the job is discarded. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly retryAt: number | undefined }
  /** Not charged: it never began, or it ended because its node stops. */
  | { readonly kind: 'given-back' }
  /** Not charged: the handler put the job off. */
  | { readonly kind: 'snoozed'; readonly until: number }

export interface Report extends AttemptKey {
  readonly outcome: Outcome
}

/**
 * - `accepted`: written now, or written before by the same report, and not claimed since.
 * - `stale`: this attempt is no longer the current one; nothing was written.
 * - `unknown`: there is no such job, or it finished and was dropped.
 */
export type SettleAnswer = 'accepted' | 'stale' | 'unknown'

/** The facts of a running job that decide its state after a report. */
export interface RunningJob {
  readonly delivery: Delivery
  readonly startedAt: number | undefined
  readonly cancelRequestedAt: number | undefined
  readonly rescues: number
}

/** The state after a report on the current attempt. Every store follows these rules. */
export function stateAfterReport(job: RunningJob, outcome: Outcome): JobState {
  if (outcome.kind === 'completed') return 'completed'
  const begunAtMostOnce = job.delivery === 'at-most-once' && job.startedAt !== undefined
  if (outcome.kind !== 'failed' && begunAtMostOnce) return 'discarded'
  if (job.cancelRequestedAt !== undefined) return 'cancelled'
  if (outcome.kind === 'given-back') return 'available'
  if (outcome.kind === 'snoozed') return 'scheduled'
  return outcome.retryAt === undefined || job.delivery === 'at-most-once' ? 'discarded' : 'retryable'
}

/** After so many deaths alone, a job is poison. Its first death isn't counted: another job may have caused it. */
export const LONE_DEATHS_OF_POISON = 3

/** The state after the job was rescued from a dead node. `job.rescues` counts the rescues before this one. */
export function stateAfterRescue(job: RunningJob): JobState {
  if (job.delivery === 'at-most-once' && job.startedAt !== undefined) return 'discarded'
  if (job.rescues >= LONE_DEATHS_OF_POISON) return 'discarded'
  return job.cancelRequestedAt === undefined ? 'available' : 'cancelled'
}

/** Why a rescue discarded a job, as the job's errors show it. */
export function rescueFailure(job: RunningJob, now: number): Failure {
  const lost = job.delivery === 'at-most-once'
  return {
    attempt: job.rescues + 1,
    at: now,
    code: lost ? 'lost' : 'poison',
    message: lost
      ? 'Its node was lost after the handler had begun; an at-most-once job is not run again.'
      : `Its node was lost ${job.rescues + 1} times while it ran, the last ${LONE_DEATHS_OF_POISON} times with no other job running.`
  }
}
