import { type DecisionContext, nextDue, timelineRow } from './decide.ts'
import type { LedgerRow } from './ledger.ts'
import type { ScheduleState, TimelineRow } from './schedule.ts'
import { triggerOf } from '../trigger/trigger-cache.ts'

/** Decisions up to this far ahead of now are normal, since clocks are not read at the same instant. */
export const AHEAD_TOLERANCE_MS = 2_000

/** What the books say about a schedule that is decided beyond the present. */
export interface DecidedAhead {
  readonly state: ScheduleState
  /** Every row whose run ends later than now, in order. */
  readonly rows: readonly LedgerRow[]
  /** Oldest first. */
  readonly timeline: readonly TimelineRow[]
}

/** What to write, and the counts of what it changes. */
export interface Undecision {
  readonly state: ScheduleState
  /** `ledger` replaces every row of the schedule whose run ends later than this. */
  readonly takesBackAfter: number
  readonly ledger: readonly LedgerRow[]
  readonly timeline: readonly TimelineRow[]
  /** Fire times that are undecided again. */
  readonly undecided: number
  /** Fire times later than now that have fired, and stay fired. */
  readonly stayFired: number
}

/** Whether it is decided beyond now, so that fire times until then would be skipped. An ended schedule has none. */
export const isAhead = ({ phase, decidedUntil, validFrom }: ScheduleState, now: number): boolean =>
  phase !== 'ended' && Math.max(decidedUntil, validFrom) > now + AHEAD_TOLERANCE_MS

/**
 * After a clock that ran ahead, takes back the decisions about future fire times, except those that fired. These stay
 * in the ledger, with a `decidedAt` of now at the latest, so before the fire time; a stretch that begins now says why.
 * The schedule remembers them, and skips them at their time.
 *
 * A change that was to apply from a later instant applies from now. A paused schedule stays paused. `decidedUntil`
 * decreases, so the revision is raised: decisions that were read before are refused (rule 1).
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

/** What remains of a row whose run ends later than now. */
function keptOf(row: LedgerRow, timeline: readonly TimelineRow[], now: number): LedgerRow[] {
  if (row.fireAt > now) return row.outcome === 'fired' ? [{ ...row, decidedAt: Math.min(row.decidedAt, now) }] : []
  const definition = timeline.findLast(({ revision }) => revision <= row.revision)?.definition
  const trigger = definition === undefined ? undefined : triggerOf(definition.trigger)
  const last = trigger?.previous(now + 1)
  if (trigger === undefined || last === undefined || last < row.fireAt)
    return [{ ...row, lastFireAt: row.fireAt, count: 1, nextFireAt: trigger?.next(row.fireAt) ?? row.nextFireAt }]
  return [{ ...row, lastFireAt: last, count: trigger.count(row.fireAt - 1, last), nextFireAt: trigger.next(last) }]
}

/** The last fire of `maxFires` names no next fire time. Here it gets one, since the schedule may have more now. */
function linked(row: LedgerRow, { definition }: ScheduleState): LedgerRow {
  if (row.nextFireAt !== undefined || row.outcome !== 'fired') return row
  return { ...row, nextFireAt: triggerOf(definition.trigger).next(row.lastFireAt) }
}

/** Whether a fire time fired before its time, as an undecide has found. */
export const firedEarly = (row: LedgerRow, timeline: readonly TimelineRow[]): boolean =>
  row.outcome === 'fired' &&
  row.decidedAt < row.fireAt &&
  timeline.some(({ validFrom, revision }) => validFrom === row.decidedAt && revision > row.revision)
