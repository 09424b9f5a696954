import type { InMs } from '../../core/dated.ts'
import type { JobFacts } from '../../core/events.ts'
import { sealFailure } from '../../core/payload/codec.ts'
import { failureOf } from '../../core/job/failure.ts'
import type { ClaimedJob, Failure } from '../../core/job/job.ts'
import { describe } from '../../core/options/names.ts'
import { retryDelay } from '../../core/job/retry.ts'
import { DoNotRetry, laterThan, RetryAfter, Snooze } from '../../core/job/steering.ts'
import type { Outcome } from '../../core/job/settle.ts'
import type { AnyTask } from '../../core/job/task.ts'
import { errorOf, isA, messageOf } from '../../core/job/thrown.ts'
import type { Attempt } from './attempt.ts'

const MAX_FAULT = 500

export function factsOf({ claimed }: Attempt): InMs<JobFacts> {
  const { id, task, queue, scheduleId, fireAt, attempt } = claimed
  return { jobId: id, task, queue, scheduleId, fireAt, attempt }
}

/** What a handler threw: the value itself, and as an error that can be read. */
export interface Thrown {
  readonly cause: unknown
  readonly error: Error
  /** Made by this node, and says nothing of what the job is about. */
  readonly isOwn?: boolean
}

/**
 * Whether no further attempt may follow. Only what happened to this attempt decides: the code of an error proves
 * nothing, since it may come from anywhere.
 */
function isFinalFailure({ claimed, aborted, isPayloadRefused, unreadable }: Attempt, cause: unknown): boolean {
  if (isPayloadRefused || unreadable !== undefined || isA(cause, DoNotRetry)) return true
  return aborted === 'cancelled' || claimed.delivery === 'at-most-once' || claimed.attempt >= claimed.maxAttempts
}

/** What to report for a handler that threw; `random` is in [0, 1). */
export function outcomeOfFailure(
  attempt: Attempt,
  thrown: Thrown,
  { now, random }: { now: number; random: number }
): Outcome {
  const { claimed, aborted } = attempt
  const { cause, error } = thrown
  if (aborted === 'lease-lost' || attempt.isStale) return { kind: 'given-back' }
  if (isA(cause, Snooze)) return snoozed(claimed, cause, now)
  if (aborted === 'stopping') return { kind: 'given-back' }
  const failure = (fault?: string): Failure => keptFailure(attempt, thrown, { now, fault })
  if (isFinalFailure(attempt, cause)) return { kind: 'failed', failure: failure(), retryAt: undefined }
  if (isA(cause, RetryAfter)) return { kind: 'failed', failure: failure(), retryAt: laterThan(now, cause.later) }
  const { delayMs, fault } = delayOf(attempt.task, error, { failures: claimed.attempt, random })
  return { kind: 'failed', failure: failure(fault), retryAt: delayMs === false ? undefined : now + delayMs }
}

/** `fault`: what else went wrong. */
function keptFailure(
  { claimed, task, unreadable, plainPayload }: Attempt,
  { cause, error, isOwn }: Thrown,
  { now, fault }: { now: number; fault: string | undefined }
): Failure {
  const failure = failureOf(claimed, error, now)
  const whole = fault === undefined ? failure : { ...failure, errors: [...(failure.errors ?? []), { message: fault }] }
  // What the codec threw may quote what it could not decode.
  if (unreadable !== undefined && cause === unreadable)
    return { attempt: failure.attempt, at: now, message: failure.message, code: 'codec-failed' }
  return task.codecs === undefined || isOwn === true ? whole : sealFailure(task.codecs, whole, plainPayload)
}

function snoozed(claimed: ClaimedJob, { later }: Snooze, now: number): Outcome {
  if (claimed.delivery === 'at-least-once') return { kind: 'snoozed', until: laterThan(now, later) }
  const message =
    'The handler threw a Snooze; an at-most-once job that has begun cannot be put off, since it is not run again.'
  return { kind: 'failed', failure: { attempt: claimed.attempt, at: now, message }, retryAt: undefined }
}

const usualDelay = retryDelay()

interface Delay {
  readonly delayMs: number | false
  /** Why the task's own delay is not used. */
  readonly fault?: string
}

/**
 * A retry function may throw, and a task that was not made by `task()` may have any function here. The store takes only
 * whole numbers, 0 or more. Then the usual delay applies, and the failure says why.
 */
function delayOf(task: AnyTask, error: Error, { failures, random }: { failures: number; random: number }): Delay {
  const usual = usualDelay(failures, random, error)
  try {
    const delay: unknown = task.retryDelay(failures, random, error)
    if (delay === false) return { delayMs: false }
    if (typeof delay === 'number' && Math.round(delay) >= 0 && Number.isFinite(delay))
      return { delayMs: Math.round(delay) }
    return {
      delayMs: usual,
      fault: `The retry delay of the task "${task.name}" is ${describe(delay)}; the default applied.`
    }
  } catch (thrown) {
    const why = messageOf(errorOf(thrown)).slice(0, MAX_FAULT)
    return {
      delayMs: usual,
      fault: `The retry policy of the task "${task.name}" failed, and the default applied: ${why}`
    }
  }
}
