import type { JobFacts } from '../../core/events.ts'
import { failureOf } from '../../core/job/failure.ts'
import { DoNotRetry, retryDelay } from '../../core/job/retry.ts'
import type { Outcome } from '../../core/job/settle.ts'
import type { AnyTask } from '../../core/job/task.ts'
import { isA } from '../../core/job/thrown.ts'
import type { Attempt } from './attempt.ts'

export function factsOf({ claimed }: Attempt): JobFacts {
  const { id, task, queue, scheduleId, fireAt, attempt } = claimed
  return { jobId: id, task, queue, scheduleId, fireAt, attempt }
}

/** What a handler threw: the value itself, and as an error that can be read. */
export interface Thrown {
  readonly cause: unknown
  readonly error: Error
}

/**
 * Whether no further attempt may follow. Only what happened to this attempt decides: the code of an error proves
 * nothing, since it may come from anywhere.
 */
function isFinalFailure({ claimed, aborted, isPayloadRefused }: Attempt, cause: unknown): boolean {
  if (isPayloadRefused || isA(cause, DoNotRetry)) return true
  return aborted === 'cancelled' || claimed.delivery === 'at-most-once' || claimed.attempt >= claimed.maxAttempts
}

/** What to report for a handler that threw; `random` is in [0, 1). */
export function outcomeOfFailure(
  attempt: Attempt,
  { cause, error }: Thrown,
  { now, random }: { now: number; random: number }
): Outcome {
  if (attempt.aborted === 'stopping' || attempt.aborted === 'lease-lost' || attempt.isStale)
    return { kind: 'given-back' }
  const { claimed, task } = attempt
  const retryAt = isFinalFailure(attempt, cause) ? undefined : now + delayMs(task, claimed.attempt, random)
  return { kind: 'failed', failure: failureOf(claimed, error, now), retryAt }
}

const usualDelay = retryDelay()

/** A task that was not made by `task()` may have any function here. The store takes only whole numbers, 0 or more. */
function delayMs(task: AnyTask, failures: number, random: number): number {
  try {
    const delay = Math.round(task.retryDelay(failures, random))
    if (delay >= 0 && Number.isFinite(delay)) return delay
  } catch {
    // Report the handler's failure instead.
  }
  return usualDelay(failures, random)
}
