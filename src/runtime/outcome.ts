import { isEscapementError } from '../core/errors.ts'
import type { JobFacts } from '../core/events.ts'
import type { ClaimedJob, Failure } from '../core/job.ts'
import { DoNotRetry } from '../core/retry.ts'
import type { Outcome } from '../core/settle.ts'
import type { Attempt } from './attempt.ts'

const LONGEST_MESSAGE = 2_000
const LONGEST_STACK = 4_000

export function factsOf({ claimed }: Attempt): JobFacts {
  const { id, task, queue, scheduleId, fireAt, attempt } = claimed
  return { jobId: id, task, queue, scheduleId, fireAt, attempt }
}

/** An error as it is kept with the job: bounded, and of characters that every database takes. */
export function failureOf({ attempt }: Pick<ClaimedJob, 'attempt'>, error: Error, at: number): Failure {
  const code = (error as { code?: unknown }).code
  return {
    attempt,
    at,
    message: storable(error.message === '' ? error.name : error.message, LONGEST_MESSAGE),
    ...(error.stack === undefined ? {} : { stack: storable(error.stack, LONGEST_STACK) }),
    ...(typeof code === 'string' ? { code: storable(code, 100) } : {})
  }
}

/** Whether no further attempt may follow on this failure. */
function isFinalFailure({ claimed, aborted }: Attempt, error: Error): boolean {
  if (error instanceof DoNotRetry || isEscapementError(error, 'payload-invalid')) return true
  return aborted === 'cancelled' || claimed.delivery === 'at-most-once' || claimed.attempt >= claimed.maxAttempts
}

/** What to report of a handler that threw; `random` is in [0, 1). */
export function outcomeOfFailure(
  attempt: Attempt,
  error: Error,
  { now, random }: { now: number; random: number }
): Outcome {
  if (attempt.aborted === 'stopping' || attempt.aborted === 'lease-lost') return { kind: 'given-back' }
  if (isEscapementError(error, 'attempt-stale')) return { kind: 'given-back' }
  const { claimed, task } = attempt
  const retryAt = isFinalFailure(attempt, error) ? undefined : now + task.retryDelay(claimed.attempt, random)
  return { kind: 'failed', failure: failureOf(claimed, error, now), retryAt }
}

const storable = (text: string, longest: number): string =>
  text.replaceAll('\u0000', '�').toWellFormed().slice(0, longest)
