import { create, type Declaration, edit } from '../change.ts'
import type { Decision, DecisionContext } from '../decide.ts'
import { callsOf, NAMELESS } from '../owners.ts'
import { isSameDefinition } from '../register.ts'
import type { ScheduleState } from '../schedule.ts'

/** The result of putting a schedule. `created` too if it had been removed. */
export type PutOutcome = 'created' | 'changed' | 'unchanged'

/**
 * What to write; nothing if the decision is undefined. Or why not: code or another app owns the id, or a person removed
 * the schedule for good.
 */
export type PutPlan =
  | { readonly outcome: PutOutcome; readonly decision: Decision | undefined }
  | { readonly outcome: 'owned' | 'removed-for-good' }

/**
 * Plans what to write when a call puts a schedule (rule 11). The last call wins, no matter of which release: releases
 * order what code declares. A pause stays.
 */
export function planPut(
  before: ScheduleState | undefined,
  declaration: Declaration,
  context: DecisionContext
): PutPlan {
  if (before === undefined) return { outcome: 'created', decision: create(declaration, context) }
  if (before.phase === 'removed') {
    if (before.phaseBy === 'for-good') return { outcome: 'removed-for-good' }
    return { outcome: 'created', decision: edit(before, declaration, context) }
  }
  if (!mayChange(before, declaration.app)) return { outcome: 'owned' }
  if (before.app === declaration.app && isSameDefinition(before, declaration))
    return { outcome: 'unchanged', decision: undefined }
  return { outcome: 'changed', decision: edit(before, declaration, context) }
}

/** An app that has been given a name takes over what its calls made without one. */
export const mayChange = (before: ScheduleState, app: string): boolean =>
  before.app === app || before.app === callsOf(NAMELESS)
