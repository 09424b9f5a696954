import type { AlertRule } from '../rule.ts'

/** The limits of the rules, for all schedules or for one. Durations are milliseconds. */
export interface AlertLimits {
  /** How long after the time at which it may run a job must have begun. */
  readonly startWithinMs: number
  /** The longest time without a success. Undefined: by the fire times of the schedule. */
  readonly successWithinMs: number | undefined
  /** The longest a run may take. Undefined: not judged. */
  readonly runsAtMostMs: number | undefined
  /** The shortest a run may take. Undefined: a tenth of the median, where enough runs are kept. */
  readonly runsAtLeastMs: number | undefined
  /** How many runs in a row must fail. */
  readonly failures: number
  /** How many runs in a row must succeed before a failing schedule counts as well. */
  readonly recoveries: number
  /** How many fire times in a row must be skipped since the job before had not finished. */
  readonly overlaps: number
}

/** Everything that the settings say about the rules. */
export interface AlertPolicy {
  readonly limits: AlertLimits
  /** By the id of the schedule: what differs from `limits`. */
  readonly schedules: ReadonlyMap<string, Partial<AlertLimits>>
  /** How old the oldest waiting job of a queue may be. */
  readonly queueAgeMs: number
  /** How many jobs may wait in a queue. Undefined: not judged, since counting costs. */
  readonly queueDepth: number | undefined
  /** Rules that are not judged. */
  readonly without: ReadonlySet<AlertRule>
}

export const limitsOf = ({ limits, schedules }: AlertPolicy, scheduleId: string): AlertLimits => ({
  ...limits,
  ...schedules.get(scheduleId)
})
