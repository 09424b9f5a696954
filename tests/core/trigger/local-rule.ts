import type { DstPolicy } from '../../../src/core/trigger/zone/dst.ts'
import type { OffsetChange } from './zone/zone-changes.ts'

export interface ExpectedFire {
  at: number
  transition: 'gap' | 'overlap' | null
}

/**
 * The rule of a fixed local time near one change of offset, as the documentation words it; everything far from other
 * changes. A wildcard-time entry is the same with `skip` and `both`.
 */
export function firesOfLocal(local: number, change: OffsetChange, dst: DstPolicy): ExpectedFire[] {
  const { at, before, after } = change
  const passes = [local - before, local - after].filter((instant, index) =>
    index === 0 ? instant < at : instant >= at
  )
  const [first, second] = passes
  if (first === undefined) {
    if (dst.gap === 'skip') return []
    return [{ at: dst.gap === 'transition' ? at : local - before, transition: 'gap' }]
  }
  if (second === undefined) return [{ at: first, transition: null }]
  if (dst.overlap === 'both') return passes.map(instant => ({ at: instant, transition: 'overlap' as const }))
  return [{ at: dst.overlap === 'first' ? first : second, transition: 'overlap' }]
}

/** The fires of many local times, in order, equal instants as one; a gap's fire keeps its mark. */
export function firesOfLocals(locals: number[], change: OffsetChange, dst: DstPolicy): ExpectedFire[] {
  const byInstant = new Map<number, ExpectedFire>()
  for (const fire of locals.flatMap(local => firesOfLocal(local, change, dst))) {
    if (byInstant.get(fire.at)?.transition !== 'gap') byInstant.set(fire.at, fire)
  }
  return [...byInstant.values()].toSorted((a, b) => a.at - b.at)
}
