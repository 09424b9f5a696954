import { hash } from 'node:crypto'
import { canonicalJson } from '../payload/canonical-json.ts'
import { isSealed, SEAL_KEY } from '../payload/sealed.ts'
import type { JsonValue } from '../options/json.ts'
import { createJob, bringBack, create, type Declaration, edit, joined, wantsRunAtStart } from './change.ts'
import type { Decision, DecisionContext } from './decide.ts'
import { NAMELESS, type Standing, UNRIVALLED } from './owners.ts'
import type { ScheduleDefinition, ScheduleState } from './schedule.ts'

/**
 * The result of registering one declared schedule. `outranked`: a higher release wrote it, and this one leaves it
 * alone. `held`: a live process of a newer deployment of the same release declares it differently. `refused`: it
 * belongs to another app. `removed`: a person removed it, for good or since this process started.
 */
export type RegistrationOutcome = 'created' | 'changed' | 'unchanged' | 'outranked' | 'held' | 'refused' | 'removed'

export interface RegistrationPlan {
  readonly outcome: RegistrationOutcome
  /** Live processes of one release declare it differently, and this definition is written. */
  readonly contested: boolean
  /** What to write. Undefined: nothing. */
  readonly decision: Decision | undefined
}

export interface RegistrationContext extends DecisionContext {
  /** @default no other process declares anything */
  readonly standing?: Standing
}

/**
 * Plans what to write when a process declares a schedule (rule 11). `startJobId` is the id for a run at start;
 * undefined if the process is not a scheduler.
 */
export function planRegistration(
  before: ScheduleState | undefined,
  declaration: Declaration,
  context: RegistrationContext,
  startJobId: string | undefined
): RegistrationPlan {
  const { decision, ...plan } = planDefinition(before, declaration, context)
  const state = decision?.state ?? before
  if (startJobId === undefined || state === undefined || plan.outcome === 'refused') return { ...plan, decision }
  // If the same write fires a job, the start needs none.
  if (!wantsRunAtStart(state, context.now)) return { ...plan, decision }
  const start = createJob(state, context, { id: startJobId, origin: 'start' })
  if (start === undefined) return { ...plan, decision }
  return { ...plan, decision: decision === undefined ? start : joined(decision, start) }
}

function planDefinition(
  before: ScheduleState | undefined,
  declaration: Declaration,
  context: RegistrationContext
): RegistrationPlan {
  const { standing = UNRIVALLED } = context
  if (before === undefined) return written('created', create(declaration, context))
  const isLeftOver = before.phaseBy === 'orphans' && before.app === declaration.app
  if (before.phase === 'removed' && !isLeftOver) return planRevival(before, declaration, context)
  if (before.app !== declaration.app)
    return mayTakeOver(before, declaration, standing)
      ? written('changed', edit(before, declaration, context))
      : left('refused')
  const isSame = isSameDefinition(before, declaration)
  if (before.release > declaration.release)
    return { ...left(isSame ? 'unchanged' : 'outranked'), decision: endDeed(before, context) }
  if (isSame) return planSame(before, declaration, context)
  const isEqual = before.release === declaration.release
  if (isEqual && standing.isRivalled) return { ...left('held'), decision: endDeed(before, context) }
  const decision = edit(before, declaration, context, { keepsMark: !standing.isInForce })
  return { outcome: 'changed', contested: isEqual && standing.isContested, decision }
}

const written = (outcome: RegistrationOutcome, decision: Decision): RegistrationPlan => ({
  outcome,
  contested: false,
  decision
})
const left = (outcome: RegistrationOutcome): RegistrationPlan => ({ outcome, contested: false, decision: undefined })

/** A start brings back what a person removed, unless it was for good. The tombstone of another app is free to take. */
function planRevival(before: ScheduleState, declaration: Declaration, context: RegistrationContext): RegistrationPlan {
  const { standing = UNRIVALLED } = context
  if (before.phaseBy === 'for-good') return left('removed')
  if (before.app !== declaration.app) return written('changed', edit(before, declaration, context))
  if (standing.isLook) return left('removed')
  if (before.release > declaration.release) return left('outranked')
  const isSame = isSameDefinition(before, declaration)
  if (before.release === declaration.release && standing.isRivalled && !isSame) return left('held')
  return written('changed', edit(before, declaration, context))
}

/** An app that has been given a name takes over what it registered without one. */
const mayTakeOver = (before: ScheduleState, { release }: Declaration, { isHeldByOwner }: Standing): boolean =>
  before.app === NAMELESS && !isHeldByOwner && before.release <= release

function planSame(before: ScheduleState, declaration: Declaration, context: RegistrationContext): RegistrationPlan {
  const { standing = UNRIVALLED } = context
  const keepsMark = !standing.isInForce
  // The registration clears the mark alone, without a write of the schedule.
  const isSpared = before.phase === 'active' && before.phaseBy === 'operator' && !keepsMark
  if (isSpared || before.phaseBy === 'orphans')
    return written('changed', edit(before, declaration, context, { keepsMark }))
  return { ...left('unchanged'), decision: raiseRelease(before, declaration) }
}

/** Any process that names a schedule ends its pause or removal as an orphan, even from a lower release (rule 11). */
const endDeed = (before: ScheduleState, context: DecisionContext): Decision | undefined =>
  before.phaseBy === 'orphans' ? bringBack(before, context) : undefined

/** Equal apart from the order of their keys. */
export const isSameDefinition = (before: ScheduleState, { definition }: Pick<Declaration, 'definition'>): boolean =>
  JSON.stringify(before.definition) === JSON.stringify(definition) ||
  canonicalJson(before.definition) === canonicalJson(definition)

function raiseRelease(before: ScheduleState, { release }: Declaration): Decision | undefined {
  if (release === before.release) return undefined
  const state = { ...before, release, revision: before.revision + 1 }
  return { state, ledger: [], jobs: [], timeline: [] }
}

/**
 * What a digest of a definition covers. Of a sealed payload only the codec: each sealing gives another text, and a
 * digest of the plain payload, which everybody can compute, would tell those who guess it that they are right.
 */
export const digested = (definition: ScheduleDefinition): ScheduleDefinition =>
  isSealed(definition.payload) ? { ...definition, payload: { [SEAL_KEY]: definition.payload[SEAL_KEY] } } : definition

/** Equal for definitions that are equal apart from the order of their keys, and from what a codec has sealed. */
export const digestOf = (definition: ScheduleDefinition): string =>
  hash('sha256', canonicalJson(digested(definition)), 'base64').slice(0, 16)

/**
 * A codec seals the same payload as another text each time. So a sealed payload of the books stays, if `isKeptAs` says
 * that it is the one that is given.
 */
export function keepingSealed(
  definition: ScheduleDefinition,
  kept: ScheduleDefinition | undefined,
  isKeptAs: ((kept: JsonValue) => boolean) | undefined
): ScheduleDefinition {
  if (isKeptAs === undefined || kept?.task !== definition.task || !isSealed(kept.payload)) return definition
  return isKeptAs(kept.payload) ? { ...definition, payload: kept.payload } : definition
}
