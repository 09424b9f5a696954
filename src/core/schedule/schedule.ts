import { EscapementError } from '../errors.ts'
import type { Delivery } from '../job/job.ts'
import type { JsonValue } from '../options/json.ts'
import type { TriggerJson } from '../trigger/trigger.ts'

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

/** `ended`: it has fired `maxFires` times (shown also where the trigger has no fire time to come). `removed`: a tombstone, which keeps `decidedUntil` for a later life. */
export type SchedulePhase = 'active' | 'paused' | 'ended' | 'removed'

/**
 * Who has put a schedule into its phase; undefined: its code. `operator`: paused, removed, or, of an orphan, resumed by
 * a person. `for-good`: removed so that no code brings it back. `orphans`: paused or removed because no live process
 * names it; that ends as soon as one does.
 */
export type PhaseBy = 'operator' | 'for-good' | 'orphans'

/** A schedule as a store holds it. All that decides is compared and set together (rule 1). */
export interface ScheduleState {
  readonly id: string
  readonly definition: ScheduleDefinition
  readonly phase: SchedulePhase
  /** The app whose code registered it: no other writes it. */
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
  /** Version of the time-zone data that `nextFireAt` was computed with; undefined where no zone has a part in it. */
  readonly timezoneData: string | undefined
  /** Jobs created from this schedule, by whatever origin, operators' retries included. Only grows. */
  readonly jobsCreated: number
  /** Fire times that became jobs in this life of the schedule. */
  readonly fires: number
  readonly lastJobCreatedAt: number | undefined
  /** Since when no code of its app names it. */
  readonly orphanedAt: number | undefined
  readonly phaseBy: PhaseBy | undefined
}

/**
 * The phase as it is shown: one that is active and whose trigger has no further fire time has ended, too. It is `active` in
 * the books, so that nothing has to be taken back when its definition changes.
 */
export const shownPhase = ({ phase, nextFireAt }: Pick<ScheduleState, 'phase' | 'nextFireAt'>): SchedulePhase =>
  phase === 'active' && nextFireAt === undefined ? 'ended' : phase

/** One stretch of a schedule's history: what held for fire times later than `validFrom`, until the next stretch. */
export interface TimelineRow {
  readonly scheduleId: string
  readonly revision: number
  readonly phase: SchedulePhase
  readonly definition: ScheduleDefinition
  readonly validFrom: number
  readonly release: number
  readonly phaseBy: PhaseBy | undefined
}

export const unknownSchedule = (id: string): EscapementError =>
  new EscapementError('schedule-unknown', `There is no schedule with the id ${JSON.stringify(id)}.`)
