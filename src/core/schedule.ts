import type { Delivery } from './job.ts'
import type { JsonValue } from './json.ts'
import type { TriggerJson } from './trigger/trigger.ts'

/** Of several fire times found due at once: only the latest fires, only the earliest, or all (up to `coalesceCap`). */
export type Coalesce = 'latest' | 'earliest' | 'all'

/** What becomes of a fire time while `maxInstances` jobs of the schedule are live: it is left out, or fires all the same. */
export type Overlap = 'skip' | 'allow'

/** A schedule as it is written down: task, trigger, policies. Plain JSON, all defaults filled in. */
export interface ScheduleDefinition {
  readonly task: string
  readonly trigger: TriggerJson
  readonly payload: JsonValue
  readonly queue: string
  readonly priority: number
  readonly maxAttempts: number
  readonly delivery: Delivery
  readonly keepMs: number
  /** A fire time found later than this is `misfired`; null: never too late. */
  readonly misfireGraceMs: number | null
  readonly coalesce: Coalesce
  /** With `all`: at most this many fire, 1 to 10,000; the earlier ones are `coalesced`. */
  readonly coalesceCap: number
  readonly overlap: Overlap
  readonly maxInstances: number
  /** Fires until the schedule ends; null: no end. */
  readonly maxFires: number | null
  readonly runAtStart: boolean
}

/** `ended`: it has fired `maxFires` times. `removed`: a tombstone, which keeps `decidedUntil` for a later life. */
export type SchedulePhase = 'active' | 'paused' | 'ended' | 'removed'

/** A schedule as a store holds it. All that decides is compared and set together (rule 1). */
export interface ScheduleState {
  readonly id: string
  readonly definition: ScheduleDefinition
  readonly phase: SchedulePhase
  /** The app whose code names it. Registration of one app never calls another's schedules orphans. */
  readonly app: string
  /** Orders deployments: a lower release never overwrites a higher one. */
  readonly release: number
  /** Raised by every change of the definition or the phase. */
  readonly revision: number
  /** The definition and phase hold for fire times later than this. */
  readonly validFrom: number
  /** Every fire time up to and including this instant is in the ledger. Only grows, but for an undecide. */
  readonly decidedUntil: number
  /** Later fire times that fired already, under a clock that ran ahead, earliest first: once is once. */
  readonly firedAhead?: readonly number[] | undefined
  /** Undefined while paused, ended, removed, or when the trigger has no further one. */
  readonly nextFireAt: number | undefined
  /** Jobs born of this schedule, by whatever origin, operators' retries included. Only grows. */
  readonly jobsBorn: number
  /** Fire times that became jobs in this life of the schedule. */
  readonly fires: number
  readonly lastJobBornAt: number | undefined
  /** Since when no code of its app names it. */
  readonly orphanedAt: number | undefined
}

/** One stretch of a schedule's history: what held for fire times later than `validFrom`, until the next stretch. */
export interface TimelineRow {
  readonly scheduleId: string
  readonly revision: number
  readonly phase: SchedulePhase
  readonly definition: ScheduleDefinition
  readonly validFrom: number
  readonly release: number
}
