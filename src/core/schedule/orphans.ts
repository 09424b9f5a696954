import type { ScheduleState } from './schedule.ts'

/** What to do with a schedule that no code names any more. */
export const orphanPolicies = ['keep', 'pause', 'remove'] as const
export type OrphanPolicy = (typeof orphanPolicies)[number]

/** An orphan is left alone until no live process has named it for this long: longer than a deployment takes. */
export const ORPHAN_AFTER_MS = 600_000

/** The processes that name or named a schedule. */
export interface Naming {
  /** A live process of its app names it, in any release. */
  readonly isNamed: boolean
  /** When the last process that named it was seen alive. Undefined: not known. */
  readonly lastNamedAt: number | undefined
}

export interface OrphanContext {
  readonly policy: OrphanPolicy
  /** The store's time. */
  readonly now: number
  readonly afterMs: number
}

/**
 * What to do with a schedule that may be an orphan. Pure, and asked repeatedly: the next look corrects anything missed,
 * or done just as a process began to name it. A phase set by a person is left alone.
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

/** Paused as an orphan, under a policy that has since become `remove`. */
const isPausedOnly = ({ phase, phaseBy }: ScheduleState, policy: OrphanPolicy): boolean =>
  policy === 'remove' && phase === 'paused' && phaseBy === 'orphans'
