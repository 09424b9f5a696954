import { decide, type Decision, type DecisionContext, jobOf, nextDue, timelineRow } from './decide.ts'
import type { JobOrigin, NewJob } from '../job/job.ts'
import type { ScheduleDefinition, ScheduleState } from './schedule.ts'
import { triggerOf } from '../trigger/trigger-cache.ts'

/**
 * Every change first decides what is due under the old definition. It takes effect at the instant that this decision
 * reaches (rule 2). The books write both under one compare-and-set.
 */
function changed(
  before: ScheduleState,
  context: DecisionContext,
  change: (decided: ScheduleState) => ScheduleState
): Decision {
  const decision = decide(before, context)
  const after = withoutOldNote(change(decision.state))
  const inForce = { ...after, revision: decision.state.revision + 1, validFrom: decision.state.decidedUntil }
  const state = { ...inForce, ...nextDue(inForce, inForce.decidedUntil, context.timezoneData) }
  return { ...decision, state, timeline: [...decision.timeline, timelineRow(state)] }
}

/** The note of a pause ends with it. */
const withoutOldNote = (after: ScheduleState): ScheduleState =>
  after.phase === 'paused' ? after : { ...after, pauseNote: undefined }

/**
 * Nothing fires after the commit; jobs that exist already still run. A person's pause overrides one as an orphan. A
 * second pause without a note keeps the first note.
 */
export function pause(before: ScheduleState, context: DecisionContext, note?: string): Decision {
  return changed(before, context, decided =>
    decided.phase === 'active' || decided.phase === 'paused'
      ? { ...decided, phase: 'paused', phaseBy: 'operator', pauseNote: note ?? decided.pauseNote }
      : decided
  )
}

/** An orphan that a person resumes fires again. Once code names it, it is an ordinary schedule. */
export function resume(before: ScheduleState, context: DecisionContext): Decision {
  return changed(before, context, decided => {
    if (decided.phase !== 'paused') return decided
    return { ...goingOn(decided), phaseBy: decided.orphanedAt === undefined ? undefined : 'operator' }
  })
}

/** A person brings back what was removed, with the definition and the fires that it had. */
export function restore(before: ScheduleState, context: DecisionContext): Decision {
  return changed(before, context, decided =>
    decided.phase === 'removed'
      ? { ...goingOn(decided), phaseBy: decided.orphanedAt === undefined ? undefined : 'operator' }
      : decided
  )
}

/** Leaves a tombstone, so that a later schedule with this id never decides what this one has decided. */
export function remove(before: ScheduleState, context: DecisionContext, { forGood = false } = {}): Decision {
  const phaseBy = forGood ? 'for-good' : 'operator'
  return changed(before, context, decided => ({ ...decided, phase: 'removed', phaseBy, orphanedAt: undefined }))
}

/** Applies `orphans: 'pause'` or `'remove'` to a schedule that no live process names. It stays marked as an orphan. */
export function putAside(before: ScheduleState, context: DecisionContext, phase: 'paused' | 'removed'): Decision {
  return changed(before, context, decided => ({ ...decided, phase, phaseBy: 'orphans' }))
}

/** A live process names the schedule again: it continues as before. */
export function bringBack(before: ScheduleState, context: DecisionContext): Decision {
  return changed(before, context, decided => ({ ...goingOn(decided), phaseBy: undefined }))
}

/** Active again, unless it has fired `maxFires` times. */
function goingOn(decided: ScheduleState): ScheduleState {
  const { maxFires } = decided.definition
  return { ...decided, phase: maxFires !== null && decided.fires >= maxFires ? 'ended' : 'active' }
}

/** A schedule as code declares it. */
export interface Declaration {
  readonly id: string
  readonly definition: ScheduleDefinition
  readonly app: string
  readonly release: number
}

/** Creates a schedule whose id is new. It has no fire times before now. */
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
 * Gives a schedule the definition that code declares. An operator's pause stays; a pause or removal as an orphan ends.
 * `keepsMark`: it stays marked as an orphan, since an older deployment declares it.
 */
export function edit(
  before: ScheduleState,
  declaration: Declaration,
  context: DecisionContext,
  { keepsMark = false } = {}
): Decision {
  const { definition, app, release } = declaration
  return changed(before, context, decided => {
    const isNewLife = decided.phase === 'removed' && (decided.phaseBy !== 'orphans' || decided.app !== app)
    const fires = isNewLife ? 0 : decided.fires
    const orphanedAt = keepsMark ? decided.orphanedAt : undefined
    const declared = { ...decided, definition, app, release, fires, orphanedAt }
    const isPaused = decided.phase === 'paused' && decided.phaseBy !== 'orphans'
    return isPaused ? declared : { ...goingOn(declared), phaseBy: keepsMark ? keptBy(decided) : undefined }
  })
}

/** Keeps `operator` on an orphan that a person has resumed. */
const keptBy = ({ phase, phaseBy }: ScheduleState): ScheduleState['phaseBy'] =>
  phase === 'active' ? phaseBy : undefined

/** Creates a job outside the fire times: an operator's "run now", or the run at start. Undefined if not allowed. */
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
 * Whether a start of the app creates a run (rule 5). It does not if a job of the schedule was created within the last
 * period, so that many processes, or one that keeps crashing, create one run.
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

/** Joins two decisions. The second was made on the state that the first leaves. */
export function joined(first: Decision, second: Decision): Decision {
  return {
    state: second.state,
    ledger: [...first.ledger, ...second.ledger],
    jobs: [...first.jobs, ...second.jobs],
    timeline: [...first.timeline, ...second.timeline]
  }
}
