import { type DecisionContext, nextDue, timelineRow } from './decide.ts'
import type { LedgerRow } from './ledger.ts'
import type { ScheduleState, TimelineRow } from './schedule.ts'
import { triggerOf } from '../trigger/trigger-cache.ts'

/** How far what was decided may be ahead of now before anybody minds: clocks are read one after the other. */
export const AHEAD_TOLERANCE_MS = 2_000

/** What the books know of a schedule that was decided further than it is. */
export interface DecidedAhead {
  readonly state: ScheduleState
  /** Every row whose run ends later than now, in order. */
  readonly rows: readonly LedgerRow[]
  /** Oldest first. */
  readonly timeline: readonly TimelineRow[]
}

/** What is to be written, and what it comes to. */
export interface Undecision {
  readonly state: ScheduleState
  /** Every row of the schedule whose run ends later than this gives way to `ledger`. */
  readonly takesBackAfter: number
  readonly ledger: readonly LedgerRow[]
  readonly timeline: readonly TimelineRow[]
  /** Fire times that are undecided again. */
  readonly undecided: number
  /** Fire times later than now that fired, and stay so. */
  readonly stayFired: number
}

/** Whether more was decided than the present, so that what comes until then would be passed over. One that has ended has no fire times. */
export const isAhead = ({ phase, decidedUntil, validFrom }: ScheduleState, now: number): boolean =>
  phase !== 'ended' && Math.max(decidedUntil, validFrom) > now + AHEAD_TOLERANCE_MS

/**
 * Takes back what was decided of fire times that are still to come, after a clock that ran ahead: all of them but those
 * that fired. These stay in the ledger as they are, but for `decidedAt`, which is now, and so earlier than the fire time; a
 * stretch that begins then says why. The schedule keeps them in mind, and passes over them when they come.
 *
 * A change that was to hold from a later instant on holds from now on. What had been paused stays so. That `decidedUntil`
 * goes back is seen by whoever read it before: the revision is raised (rule 1).
 */
export function undecide(
  { state: before, rows, timeline }: DecidedAhead,
  { now, timezoneData }: DecisionContext
): Undecision {
  const kept = rows.flatMap(row => keptOf(row, timeline, now))
  const firedAhead = kept.filter(row => row.fireAt > now).map(row => row.fireAt)
  const changed: ScheduleState = {
    ...before,
    revision: before.revision + 1,
    decidedUntil: now,
    validFrom: now,
    firedAhead: firedAhead.length === 0 ? undefined : firedAhead,
    lastJobCreatedAt: before.lastJobCreatedAt === undefined ? undefined : Math.min(before.lastJobCreatedAt, now)
  }
  const state = { ...changed, ...nextDue(changed, now, timezoneData) }
  return {
    state,
    takesBackAfter: now,
    ledger: kept.map(row => linked(row, state)),
    timeline: [timelineRow(state)],
    undecided: countOf(rows) - countOf(kept),
    stayFired: firedAhead.length
  }
}

const countOf = (rows: readonly LedgerRow[]): number => rows.reduce((sum, { count }) => sum + count, 0)

/** What is left of a row whose run ends later than now. */
function keptOf(row: LedgerRow, timeline: readonly TimelineRow[], now: number): LedgerRow[] {
  if (row.fireAt > now) return row.outcome === 'fired' ? [{ ...row, decidedAt: Math.min(row.decidedAt, now) }] : []
  const definition = timeline.findLast(({ revision }) => revision <= row.revision)?.definition
  const trigger = definition === undefined ? undefined : triggerOf(definition.trigger)
  const last = trigger?.previous(now + 1)
  if (trigger === undefined || last === undefined || last < row.fireAt)
    return [{ ...row, lastFireAt: row.fireAt, count: 1, nextFireAt: trigger?.next(row.fireAt) ?? row.nextFireAt }]
  return [{ ...row, lastFireAt: last, count: trigger.count(row.fireAt - 1, last), nextFireAt: trigger.next(last) }]
}

/** A last fire time of `maxFires` is followed by others again, should the schedule have been given more. */
function linked(row: LedgerRow, { definition }: ScheduleState): LedgerRow {
  if (row.nextFireAt !== undefined || row.outcome !== 'fired') return row
  return { ...row, nextFireAt: triggerOf(definition.trigger).next(row.lastFireAt) }
}

/** Whether a row is of a fire time that fired before it came, and was found to have done so by an undecide. */
export const firedEarly = (row: LedgerRow, timeline: readonly TimelineRow[]): boolean =>
  row.outcome === 'fired' &&
  row.decidedAt < row.fireAt &&
  timeline.some(({ validFrom, revision }) => validFrom === row.decidedAt && revision > row.revision)
