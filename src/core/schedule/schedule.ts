import { EscapementError } from '../errors.ts'
import type { Delivery } from '../job/job.ts'
import type { JsonValue } from '../options/json.ts'
import type { TriggerJson } from '../trigger/trigger.ts'

/** Which of several fire times due at once fire: only the latest, only the earliest, or all (up to `coalesceCap`). */
export type Coalesce = 'latest' | 'earliest' | 'all'

/** Whether a fire time is skipped, or fires, while `maxInstances` jobs of the schedule are unfinished. */
export type Overlap = 'skip' | 'allow'

/**
 * The definition of a schedule as it is stored: task, trigger, policies. Plain JSON, all defaults filled in.
 *
 * @experimental
 */
export interface ScheduleDefinition {
  readonly task: string
  readonly trigger: TriggerJson
  readonly payload: JsonValue
  readonly queue: string
  readonly priority: number
  readonly maxAttempts: number
  readonly delivery: Delivery
  readonly keepMs: number
  /** A fire time found later than this is `misfired`. Null: never too late. */
  readonly misfireGraceMs: number | null
  readonly coalesce: Coalesce
  /** With `all`: at most this many fire, 1 to 10,000; the earlier ones are `coalesced`. */
  readonly coalesceCap: number
  readonly overlap: Overlap
  readonly maxInstances: number
  /** Fires until the schedule ends. Null: no end. */
  readonly maxFires: number | null
  readonly runAtStart: boolean
}

/**
 * `ended`: it has fired `maxFires` times (also shown if the trigger has no future fire time). `removed`: a tombstone,
 * which keeps `decidedUntil` for a later schedule with this id.
 */
export type SchedulePhase = 'active' | 'paused' | 'ended' | 'removed'

/**
 * Who put a schedule into its phase. Undefined: its code. `operator`: a person paused or removed it, or resumed it as
 * an orphan. `for-good`: removed so that no code brings it back. `orphans`: paused or removed because no live process
 * names it; ends as soon as one does.
 */
export type PhaseBy = 'operator' | 'for-good' | 'orphans'

/** A schedule as a store keeps it. Everything that affects a decision is compared and set together (rule 1). */
export interface ScheduleState {
  readonly id: string
  readonly definition: ScheduleDefinition
  readonly phase: SchedulePhase
  /** The app whose code registered it, or a text that stands for the calls of an app. Nobody else writes it. */
  readonly app: string
  /** Orders deployments: a lower release never overwrites a higher one. */
  readonly release: number
  /** Raised by every change of the definition or the phase. */
  readonly revision: number
  /** The definition and phase apply to fire times later than this. */
  readonly validFrom: number
  /** Every fire time up to and including this instant is in the ledger. Never decreases, except by an undecide. */
  readonly decidedUntil: number
  /** Later fire times that already fired, under a clock that ran ahead; earliest first. They do not fire again. */
  readonly firedAhead?: readonly number[] | undefined
  /** Undefined while paused, ended or removed, or if the trigger has no further fire time. */
  readonly nextFireAt: number | undefined
  /** Version of the time-zone data that `nextFireAt` was computed with. Undefined if it depends on no zone. */
  readonly timezoneData: string | undefined
  /** Jobs created from this schedule, of any origin, including operators' retries. Never decreases. */
  readonly jobsCreated: number
  /** Fire times that became jobs since the schedule was created, or created again after a removal. */
  readonly fires: number
  readonly lastJobCreatedAt: number | undefined
  /** Since when no code of its app has named it. */
  readonly orphanedAt: number | undefined
  readonly phaseBy: PhaseBy | undefined
  /** Why a person has paused it. */
  readonly pauseNote?: string | undefined
}

/**
 * The phase to show. An active schedule whose trigger has no further fire time is shown as ended. In the books it stays
 * `active`, so that nothing has to be undone when its definition changes.
 */
export const shownPhase = ({ phase, nextFireAt }: Pick<ScheduleState, 'phase' | 'nextFireAt'>): SchedulePhase =>
  phase === 'active' && nextFireAt === undefined ? 'ended' : phase

/** One stretch of a schedule's history: it applies to fire times later than `validFrom`, until the next stretch. */
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
