import type { ScheduleState } from './schedule.ts'

/** What becomes of a schedule that no code names any more. */
export const orphanPolicies = ['keep', 'pause', 'remove'] as const
export type OrphanPolicy = (typeof orphanPolicies)[number]

/** For so long no live process has named an orphan before anything is done to it: longer than a deployment takes. */
export const ORPHAN_AFTER_MS = 600_000

/** What is known of the processes that named a schedule. */
export interface Naming {
  /** A live process of its app names it, of whatever release. */
  readonly isNamed: boolean
  /** When the last process that named it was seen alive; undefined: nobody remembers one. */
  readonly lastNamedAt: number | undefined
}

export interface OrphanContext {
  readonly policy: OrphanPolicy
  /** The store's time. */
  readonly now: number
  readonly afterMs: number
}

/**
 * What is to be done to a schedule as to an orphan. Pure and looked at again and again: whatever was missed, or done at the
 * moment at which a process came to name it, is put right by the next look. What a person has set is left alone.
 */
export function orphanDeed(
  state: ScheduleState,
  { isNamed, lastNamedAt }: Naming,
  { policy, now, afterMs }: OrphanContext
): 'pause' | 'remove' | 'bring-back' | undefined {
  if (state.phaseBy === 'orphans' && isNamed) return 'bring-back'
  if (policy === 'keep' || isNamed || state.orphanedAt === undefined) return undefined
  const isLeftAlone = state.phase !== 'active' || state.phaseBy !== undefined
  if (isLeftAlone && !isPausedOnly(state, policy)) return undefined
  const unnamedSince = Math.max(state.orphanedAt, lastNamedAt ?? -Infinity)
  return now - unnamedSince >= afterMs ? policy : undefined
}

/** Paused under a policy that has become `remove` since. */
const isPausedOnly = ({ phase, phaseBy }: ScheduleState, policy: OrphanPolicy): boolean =>
  policy === 'remove' && phase === 'paused' && phaseBy === 'orphans'
