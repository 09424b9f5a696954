import { decide, type Decision, type DecisionContext, jobOf, nextDue, timelineRow } from './decide.ts'
import type { JobOrigin, NewJob } from '../job/job.ts'
import type { ScheduleDefinition, ScheduleState } from './schedule.ts'
import { triggerOf } from '../trigger/trigger-cache.ts'

/**
 * Every change first decides what was due until then under what held until then, and takes effect at the instant that
 * it decided until (rule 2). The books write both under one compare-and-set.
 */
function changed(
  before: ScheduleState,
  context: DecisionContext,
  change: (decided: ScheduleState) => ScheduleState
): Decision {
  const decision = decide(before, context)
  const after = change(decision.state)
  const inForce = { ...after, revision: decision.state.revision + 1, validFrom: decision.state.decidedUntil }
  const state = { ...inForce, ...nextDue(inForce, inForce.decidedUntil, context.timezoneData) }
  return { ...decision, state, timeline: [...decision.timeline, timelineRow(state)] }
}

/** After it has committed nothing fires; jobs that are created already still run. A pause by a person outlives every other. */
export function pause(before: ScheduleState, context: DecisionContext): Decision {
  return changed(before, context, decided =>
    decided.phase === 'active' || decided.phase === 'paused'
      ? { ...decided, phase: 'paused', phaseBy: 'operator' }
      : decided
  )
}

/** An orphan that a person resumes is left to fire until code names it again. */
export function resume(before: ScheduleState, context: DecisionContext): Decision {
  return changed(before, context, decided => {
    if (decided.phase !== 'paused') return decided
    return { ...goingOn(decided), phaseBy: decided.orphanedAt === undefined ? undefined : 'operator' }
  })
}

/** Leaves a tombstone, so that a later schedule of this id never decides what this one has decided. */
export function remove(before: ScheduleState, context: DecisionContext, { forGood = false } = {}): Decision {
  const phaseBy = forGood ? 'for-good' : 'operator'
  return changed(before, context, decided => ({ ...decided, phase: 'removed', phaseBy, orphanedAt: undefined }))
}

/** What becomes of a schedule that no live process names (`orphans: 'pause'` or `'remove'`). The mark of an orphan stays. */
export function putAside(before: ScheduleState, context: DecisionContext, phase: 'paused' | 'removed'): Decision {
  return changed(before, context, decided => ({ ...decided, phase, phaseBy: 'orphans' }))
}

/** A live process names it: it goes on as it was. */
export function bringBack(before: ScheduleState, context: DecisionContext): Decision {
  return changed(before, context, decided => ({ ...goingOn(decided), phaseBy: undefined }))
}

/** Active again, unless it has fired as often as it may. */
function goingOn(decided: ScheduleState): ScheduleState {
  const { maxFires } = decided.definition
  return { ...decided, phase: maxFires !== null && decided.fires >= maxFires ? 'ended' : 'active' }
}

/** What code says of a schedule. */
export interface Declaration {
  readonly id: string
  readonly definition: ScheduleDefinition
  readonly app: string
  readonly release: number
}

/** A schedule that was never there. Fire times before now are none of it. */
export function create(declaration: Declaration, context: DecisionContext): Decision {
  const { now } = context
  const created: ScheduleState = {
    ...declaration,
    phase: 'active',
    revision: 1,
    validFrom: now,
    decidedUntil: now,
    nextFireAt: undefined,
    timezoneData: undefined,
    jobsCreated: 0,
    fires: 0,
    lastJobCreatedAt: undefined,
    orphanedAt: undefined,
    phaseBy: undefined
  }
  const state = { ...created, ...nextDue(created, now, context.timezoneData) }
  return { state, ledger: [], jobs: [], timeline: [timelineRow(state)] }
}

/**
 * Gives a schedule the definition that code declares. What an operator has set, a pause, stays; what was done to it as to
 * an orphan ends. `keepsMark`: whoever declares it may not say that it is no orphan.
 */
export function edit(
  before: ScheduleState,
  declaration: Declaration,
  context: DecisionContext,
  { keepsMark = false } = {}
): Decision {
  const { definition, app, release } = declaration
  return changed(before, context, decided => {
    const isNewLife = decided.phase === 'removed' && decided.phaseBy !== 'orphans'
    const fires = isNewLife ? 0 : decided.fires
    const orphanedAt = keepsMark ? decided.orphanedAt : undefined
    const declared = { ...decided, definition, app, release, fires, orphanedAt }
    const isPaused = decided.phase === 'paused' && decided.phaseBy !== 'orphans'
    return isPaused ? declared : { ...goingOn(declared), phaseBy: keepsMark ? keptBy(decided) : undefined }
  })
}

/** Of an orphan that a person has resumed. */
const keptBy = ({ phase, phaseBy }: ScheduleState): ScheduleState['phaseBy'] =>
  phase === 'active' ? phaseBy : undefined

/** A job beside the fire times: an operator's "run now", or the run at start. Undefined when it may not be created. */
export function createJob(
  before: ScheduleState,
  context: DecisionContext,
  creation: { id: string; origin: JobOrigin }
): Decision | undefined {
  const { overlap, maxInstances } = before.definition
  if (before.phase === 'removed') return undefined
  if (overlap === 'skip' && context.liveJobs >= maxInstances) return undefined
  const job: NewJob = { ...jobOf(before), ...creation, fireAt: undefined, runAt: context.now }
  const state = { ...before, jobsCreated: before.jobsCreated + 1, lastJobCreatedAt: context.now }
  return { state, jobs: [job], ledger: [], timeline: [] }
}

/**
 * Whether a start of the app is to be followed by a run (rule 5): not when a job of the schedule was created within its
 * last period, so that many processes, or one that crashes again and again, are one run.
 */
export function wantsRunAtStart(schedule: ScheduleState, now: number): boolean {
  if (!schedule.definition.runAtStart || schedule.phase !== 'active') return false
  if (schedule.lastJobCreatedAt === undefined) return true
  const trigger = triggerOf(schedule.definition.trigger)
  const previous = trigger.previous(now + 1)
  const next = trigger.next(now)
  if (previous === undefined || next === undefined) return false
  return schedule.lastJobCreatedAt <= now - (next - previous)
}

/** One decision after another, as one: the second was made on the state that the first leaves. */
export function joined(first: Decision, second: Decision): Decision {
  return {
    state: second.state,
    ledger: [...first.ledger, ...second.ledger],
    jobs: [...first.jobs, ...second.jobs],
    timeline: [...first.timeline, ...second.timeline]
  }
}
