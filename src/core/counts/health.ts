import type { JobState } from '../job/job.ts'

/** How the jobs of a schedule have ended. The books keep it, since finished jobs are deleted. Instants are the store's. */
export interface ScheduleHealth {
  readonly scheduleId: string
  /** When one of its jobs finished last: completed, discarded or cancelled. */
  readonly lastFinishedAt: number | undefined
  /** When one of its jobs completed last. */
  readonly lastSuccessAt: number | undefined
  /** Attempts that have failed since then, and jobs that a rescue has discarded. */
  readonly failuresInRow: number
  /** How long its last completed attempt took, from the claim to the report, in milliseconds. */
  readonly lastDurationMs: number | undefined
}

const unknownHealth = (scheduleId: string): ScheduleHealth => ({
  scheduleId,
  lastFinishedAt: undefined,
  lastSuccessAt: undefined,
  failuresInRow: 0,
  lastDurationMs: undefined
})

/** A job of a schedule that has left its state. */
export interface HealthChange {
  readonly scheduleId: string
  /** Its new state. */
  readonly state: JobState
  /** When it was claimed, if it ran. */
  readonly claimedAt: number | undefined
}

/**
 * The health after an attempt has ended, or a job was cancelled. Undefined: it stays as it is. What is cancelled is
 * neither a success nor a failure. A clock that is set back may make an attempt seem to end before it began: that took
 * no time.
 */
export function healthAfter(
  before: ScheduleHealth | undefined,
  { scheduleId, state, claimedAt }: HealthChange,
  now: number
): ScheduleHealth | undefined {
  const health = before ?? unknownHealth(scheduleId)
  if (state === 'cancelled') return { ...health, lastFinishedAt: now }
  if (state === 'retryable') return { ...health, failuresInRow: health.failuresInRow + 1 }
  if (state === 'discarded') return { ...health, lastFinishedAt: now, failuresInRow: health.failuresInRow + 1 }
  if (state !== 'completed') return undefined
  const lastDurationMs = Math.max(0, now - (claimedAt ?? now))
  return { scheduleId, lastFinishedAt: now, lastSuccessAt: now, failuresInRow: 0, lastDurationMs }
}
