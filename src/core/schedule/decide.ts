import { fireJobId } from './fire-id.ts'
import { type FireTimes, stillAhead, undecidedTimes } from './fired-ahead.ts'
import type { NewJob } from '../job/job.ts'
import type { LedgerOutcome, LedgerRow } from './ledger.ts'
import type { ScheduleDefinition, ScheduleState, TimelineRow } from './schedule.ts'
import { dependsOnZone } from '../trigger/zone/depends-on-zone.ts'
import { triggerOf } from '../trigger/trigger-cache.ts'

/** The facts that a decision needs, apart from the schedule. */
export interface DecisionContext {
  /** The store's time, read together with the schedule. */
  readonly now: number
  /** Unfinished jobs of the schedule at that time. */
  readonly liveJobs: number
  /** Version of the time-zone data of this Node. */
  readonly timezoneData: string
  /** The node that decides. */
  readonly node: string
}

/** The fate of every fire time up to `context.now`, and the schedule's state afterwards. */
export interface Decision {
  readonly state: ScheduleState
  readonly ledger: readonly LedgerRow[]
  readonly jobs: readonly NewJob[]
  readonly timeline: readonly TimelineRow[]
}

/** One decision fires at most this many jobs, even with a greater `coalesceCap`. */
const MAX_FIRES_PER_DECISION = 10_000

/** Fire times that met the same fate, before they are chained. */
interface Run {
  readonly outcome: LedgerOutcome
  readonly first: number
  readonly last: number
  readonly count: number
}

/**
 * Decides every fire time in (`decidedUntil`, now]. Pure: the same schedule and context give the same decision. So any
 * number of schedulers may decide at once, and the books let one of them through.
 *
 * A range of any length costs the same: only fires are enumerated, the trigger counts the rest.
 */
export function decide(schedule: ScheduleState, context: DecisionContext): Decision {
  if (schedule.phase === 'paused') return record(schedule, context, pausedRuns(schedule, context.now))
  if (schedule.phase !== 'active') return record(schedule, context, [])
  const { runs, endedAt } = endAfterLastFire(schedule, activeRuns(schedule, context))
  return record(schedule, context, runs, endedAt)
}

function pausedRuns(schedule: ScheduleState, now: number): Run[] {
  const outcome = schedule.phaseBy === 'orphans' ? 'orphaned' : 'paused'
  return rangeRuns(undecidedTimes(schedule), outcome, undecidedSince(schedule), now)
}

function activeRuns(schedule: ScheduleState, context: DecisionContext): Run[] {
  const { definition } = schedule
  const times = undecidedTimes(schedule)
  const since = undecidedSince(schedule)
  const graceStart =
    definition.misfireGraceMs === null ? since : Math.max(since, context.now - definition.misfireGraceMs - 1)
  const misfired = rangeRuns(times, 'misfired', since, graceStart)
  const due = dueRuns(times, definition, graceStart, context.now)
  return [...misfired, ...limitInstances(due, times, { ...definition, liveJobs: context.liveJobs })]
}

/** The fire times in (after, until] under the coalesce policy: those that fire, and those that they stand for. */
function dueRuns(times: FireTimes, definition: ScheduleDefinition, after: number, until: number): Run[] {
  if (definition.coalesce === 'earliest') {
    const earliest = times.next(after)
    if (earliest === undefined || earliest > until) return []
    return [fire(earliest), ...rangeRuns(times, 'coalesced', earliest, until)]
  }
  const wanted = definition.coalesce === 'latest' ? 1 : Math.min(definition.coalesceCap, MAX_FIRES_PER_DECISION)
  const firing = latestFireTimes(times, wanted, after, until)
  const first = firing[0]
  return first === undefined ? [] : [...rangeRuns(times, 'coalesced', after, first - 1), ...firing.map(fire)]
}

function latestFireTimes(times: FireTimes, wanted: number, after: number, until: number): number[] {
  const found: number[] = []
  for (
    let at = times.previous(until + 1);
    at !== undefined && at > after && found.length < wanted;
    at = times.previous(at)
  )
    found.push(at)
  return found.reverse()
}

/** Lets fire only as many as `maxInstances` has room for. The others are `overlapped`. */
function limitInstances(
  runs: readonly Run[],
  times: FireTimes,
  { overlap, maxInstances, liveJobs }: Pick<ScheduleDefinition, 'overlap' | 'maxInstances'> & { liveJobs: number }
): Run[] {
  if (overlap === 'allow') return [...runs]
  let room = maxInstances - liveJobs
  const limited: Run[] = []
  for (const run of runs) {
    if (run.outcome !== 'fired' || room-- > 0) limited.push(run)
    else pushMerged(limited, times, { ...run, outcome: 'overlapped' })
  }
  return limited
}

function pushMerged(runs: Run[], times: FireTimes, run: Run): void {
  const before = runs.at(-1)
  if (before?.outcome !== run.outcome || times.recorded(before.last, run.first).length > 0) runs.push(run)
  else runs[runs.length - 1] = { ...before, last: run.last, count: before.count + run.count }
}

/** A schedule with `maxFires` ends at its last fire, and has no later fire times. */
function endAfterLastFire(schedule: ScheduleState, runs: Run[]): { runs: Run[]; endedAt: number | undefined } {
  const { maxFires } = schedule.definition
  if (maxFires === null) return { runs, endedAt: undefined }
  let left = maxFires - schedule.fires
  const kept: Run[] = []
  for (const run of runs) {
    kept.push(run)
    if (run.outcome === 'fired' && --left === 0) return { runs: kept, endedAt: run.last }
  }
  return { runs, endedAt: undefined }
}

function record(schedule: ScheduleState, context: DecisionContext, runs: readonly Run[], endedAt?: number): Decision {
  const decidedUntil = Math.max(schedule.decidedUntil, context.now)
  const jobs = runs.filter(run => run.outcome === 'fired').map(run => fireJob(schedule, run.first))
  const ended = endedAt !== undefined
  const state: ScheduleState = {
    ...schedule,
    decidedUntil,
    firedAhead: stillAhead(schedule.firedAhead, decidedUntil),
    phase: ended ? 'ended' : schedule.phase,
    phaseBy: ended ? undefined : schedule.phaseBy,
    revision: ended ? schedule.revision + 1 : schedule.revision,
    validFrom: endedAt ?? schedule.validFrom,
    jobsCreated: schedule.jobsCreated + jobs.length,
    fires: schedule.fires + jobs.length,
    lastJobCreatedAt: jobs.length > 0 ? context.now : schedule.lastJobCreatedAt,
    ...(ended ? NEVER_DUE : nextDue(schedule, decidedUntil, context.timezoneData))
  }
  const timeline = ended ? [timelineRow(state)] : []
  return { state, jobs, timeline, ledger: chain(schedule, context, runs, ended) }
}

/** Ledger rows, each with the next fire time under the definition that was used to decide. */
function chain(schedule: ScheduleState, context: DecisionContext, runs: readonly Run[], ended: boolean): LedgerRow[] {
  const trigger = triggerOf(schedule.definition.trigger)
  // Fire times that are in the ledger already may lie between two runs.
  const followers = schedule.firedAhead === undefined ? runs.map(run => run.first) : []
  return runs.map((run, index) => ({
    scheduleId: schedule.id,
    fireAt: run.first,
    lastFireAt: run.last,
    count: run.count,
    outcome: run.outcome,
    jobId: run.outcome === 'fired' ? fireJobId(schedule.id, run.first) : undefined,
    decidedAt: context.now,
    nextFireAt: followers[index + 1] ?? (ended && index === runs.length - 1 ? undefined : trigger.next(run.last)),
    revision: schedule.revision,
    timezoneData: context.timezoneData,
    node: context.node
  }))
}

function fireJob(schedule: ScheduleState, fireAt: number): NewJob {
  return { ...jobOf(schedule), id: fireJobId(schedule.id, fireAt), origin: 'fire', fireAt, runAt: fireAt }
}

/** The fields that all jobs of a schedule share, however they are created. */
export function jobOf(schedule: ScheduleState): Omit<NewJob, 'id' | 'origin' | 'fireAt' | 'runAt'> {
  const { task, queue, priority, payload, maxAttempts, delivery, keepMs } = schedule.definition
  const payloadText = JSON.stringify(payload)
  return {
    task,
    queue,
    priority,
    payload: payloadText,
    maxAttempts,
    delivery,
    keepMs,
    scheduleId: schedule.id,
    uniqueKey: undefined
  }
}

export function timelineRow(state: ScheduleState): TimelineRow {
  const { id, revision, phase, definition, validFrom, release, phaseBy } = state
  return { scheduleId: id, revision, phase, definition, validFrom, release, phaseBy }
}

type Due = Pick<ScheduleState, 'nextFireAt' | 'timezoneData'>
const NEVER_DUE: Due = { nextFireAt: undefined, timezoneData: undefined }

/**
 * The next fire time of an active schedule: later than all that is decided, and after `validFrom` (rule 1). It is
 * derived, so it carries the version of the time-zone data that it was computed with.
 */
export function nextDue(schedule: ScheduleState, decidedUntil: number, timezoneData: string): Due {
  if (schedule.phase !== 'active') return NEVER_DUE
  const { trigger } = schedule.definition
  return {
    nextFireAt: undecidedTimes(schedule).next(Math.max(decidedUntil, schedule.validFrom)),
    timezoneData: dependsOnZone(trigger) ? timezoneData : undefined
  }
}

/** The same schedule with its next fire time under this version of the time-zone data. */
export const underZoneData = (schedule: ScheduleState, timezoneData: string): ScheduleState => ({
  ...schedule,
  ...nextDue(schedule, schedule.decidedUntil, timezoneData)
})

const undecidedSince = (schedule: ScheduleState): number => Math.max(schedule.decidedUntil, schedule.validFrom)

const fire = (at: number): Run => ({ outcome: 'fired', first: at, last: at, count: 1 })

/** The fire times in (after, until] as one run or none; as several if some in between are in the ledger already. */
function rangeRuns(times: FireTimes, outcome: LedgerOutcome, after: number, until: number): Run[] {
  const runs: Run[] = []
  let since = after
  for (const at of times.recorded(after, until)) {
    pushRun(runs, times, { outcome, after: since, until: at - 1 })
    since = at
  }
  pushRun(runs, times, { outcome, after: since, until })
  return runs
}

function pushRun(
  runs: Run[],
  times: FireTimes,
  { outcome, after, until }: { readonly outcome: LedgerOutcome; readonly after: number; readonly until: number }
): void {
  const first = times.next(after)
  if (first === undefined || first > until) return
  const last = times.previous(until + 1) ?? first
  runs.push({ outcome, first, last, count: first === last ? 1 : times.count(after, until) })
}
