import type { DstPolicy } from './zone/dst.ts'

/**
 * Says when: a pure rule that gives fire times. Instants are epoch milliseconds from 1970-01-01T00:00:00Z to
 * 9999-12-31T23:59:59.999Z; a trigger has no fire times outside of this range. `start` and `end` are inclusive.
 */
export interface Trigger {
  /** The earliest fire time strictly later than `afterMs`. Undefined if there is none. */
  next(afterMs: number): number | undefined
  /** The latest fire time strictly earlier than `beforeMs`. Undefined if there is none. The exact inverse of `next`. */
  previous(beforeMs: number): number | undefined
  /**
   * How many fire times are in (afterMs, untilMs]. `every` and `at` compute it, `cron` counts bits per month
   * (microseconds per year), `calendarInterval` and `anyOf` walk through their fire times.
   */
  count(afterMs: number, untilMs: number): number
  /** A plain value that `triggerFromJson` turns back into an equal trigger. Keys and their order don't vary. */
  toJSON(): TriggerJson
  /** Sentences about what in it probably means something else. They are shown where the trigger is used. */
  readonly doubts?: readonly string[] | undefined
}

/** A trigger on local time, which can explain its fire times. */
export interface LocalTrigger extends Trigger {
  /** What the clocks of its zone show at a fire time. */
  explain(fireAtMs: number): FireExplanation
}

/** A fire time on the clocks of its zone. */
export interface FireExplanation {
  /** The local time at the instant: `YYYY-MM-DDTHH:MM:SS`. */
  local: string
  /** The offset from UTC at the instant: `+hh:mm` or `-hh:mm` (with `:ss` where history has odd seconds). */
  offset: string
  /**
   * `gap`: the fire stands for a local time that does not exist (clocks went forward over it). `overlap`: the local
   * time of the instant occurs twice (clocks went back over it). A fire that is both is a `gap`.
   */
  transition: 'gap' | 'overlap' | null
}

/**
 * How weekdays are numbered. `unix`: 0 to 7, from Sunday. `quartz`: 1 to 7, from Sunday, as in Quartz, Spring and AWS.
 */
export type CronDialect = 'unix' | 'quartz'
/** Of day-of-month and day-of-week: one must match, or both must. */
export type DayRule = 'or' | 'and'
/** In a shorter month: the last day, or none. */
export type MonthDayRule = 'clamp' | 'skip'

export interface CronJson {
  kind: 'cron'
  expression: string
  /** Left out for `unix`. */
  dialect?: CronDialect
  /** Left out where none was named: UTC, or the default zone of the schedule's app. */
  timezone?: string
  dst: DstPolicy
  days: DayRule
  start?: string
  end?: string
}

export interface IntervalJson {
  kind: 'interval'
  everyMs: number
  start?: string
  end?: string
}

export interface DateJson {
  kind: 'date'
  at: string
}

export interface CalendarIntervalJson {
  kind: 'calendar-interval'
  years: number
  months: number
  weeks: number
  days: number
  time: string
  /** Left out where none was named: UTC, or the default zone of the schedule's app. */
  timezone?: string
  start: string
  monthDay: MonthDayRule
  dst: DstPolicy
  end?: string
}

export interface AnyOfJson {
  kind: 'anyOf'
  triggers: TriggerJson[]
}

export interface SpreadJson {
  kind: 'spread'
  trigger: TriggerJson
  scheduleId: string
  windowMs: number
}

/** What `toJSON` of a trigger returns, and `triggerFromJson` takes. */
export type TriggerJson = CronJson | IntervalJson | DateJson | CalendarIntervalJson | AnyOfJson | SpreadJson
