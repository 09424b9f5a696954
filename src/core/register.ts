import { bear, create, type Declaration, edit, joined, wantsRunAtStart } from './change.ts'
import type { Decision, DecisionContext } from './decide.ts'
import type { ScheduleState } from './schedule.ts'

/** What a registration makes of one declared schedule. `outranked`: a higher release has written it, this one leaves it. */
export type RegistrationOutcome = 'created' | 'changed' | 'unchanged' | 'outranked'

export interface RegistrationPlan {
  readonly outcome: RegistrationOutcome
  /** Another definition came from the same release: two deployments disagree about what it is. */
  readonly contested: boolean
  /** What is to be written; undefined: nothing. */
  readonly decision: Decision | undefined
}

/**
 * What declaring a schedule at the start of a process writes (rule 11). `startJobId` is the id for a run at start, from
 * a process that schedules; undefined from one that does not.
 */
export function planRegistration(
  before: ScheduleState | undefined,
  declaration: Declaration,
  context: DecisionContext,
  startJobId: string | undefined
): RegistrationPlan {
  const { decision, ...plan } = planDefinition(before, declaration, context)
  const state = decision?.state ?? before
  if (startJobId === undefined || state === undefined || !wantsRunAtStart(state, context.now))
    return { ...plan, decision }
  const liveJobs = context.liveJobs + (decision?.jobs.length ?? 0)
  const start = bear(state, { ...context, liveJobs }, { id: startJobId, origin: 'start' })
  if (start === undefined) return { ...plan, decision }
  return { ...plan, decision: decision === undefined ? start : joined(decision, start) }
}

function planDefinition(
  before: ScheduleState | undefined,
  declaration: Declaration,
  context: DecisionContext
): RegistrationPlan {
  if (before === undefined) return { outcome: 'created', contested: false, decision: create(declaration, context) }
  const isSame = sameDefinition(before, declaration)
  if (before.release > declaration.release)
    return { outcome: isSame ? 'unchanged' : 'outranked', contested: false, decision: undefined }
  if (isSame) return { outcome: 'unchanged', contested: false, decision: raiseRelease(before, declaration) }
  const isOther = !sameText(before, declaration)
  const contested = isOther && before.release === declaration.release && before.phase !== 'removed'
  return { outcome: 'changed', contested, decision: edit(before, declaration, context) }
}

function sameDefinition(before: ScheduleState, declaration: Declaration): boolean {
  if (before.phase === 'removed' || before.app !== declaration.app || before.orphanedAt !== undefined) return false
  return sameText(before, declaration)
}

const sameText = (before: ScheduleState, { definition }: Declaration): boolean =>
  JSON.stringify(before.definition) === JSON.stringify(definition) ||
  canonicalJson(before.definition) === canonicalJson(definition)

function raiseRelease(before: ScheduleState, { release }: Declaration): Decision | undefined {
  if (release === before.release) return undefined
  const state = { ...before, release, revision: before.revision + 1 }
  return { state, ledger: [], jobs: [], timeline: [] }
}

/** JSON with the keys of every object in order, so that equal values are equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
