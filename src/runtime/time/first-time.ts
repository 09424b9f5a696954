import { isAlive, type NodeState } from '../../store/nodes.ts'
import { UNKNOWN_BOOT } from '../process-facts.ts'
import type { Store } from '../../store/store.ts'
import type { SteadyClock } from './steady-clock.ts'

/**
 * A process that starts while its wall clock lies has no earlier reading to compare with, and would claim what is not
 * due. The nodes of this boot that count as alive have written how far their clocks are from the monotonic clock, which
 * all of them share, so it does not matter how long ago that was.
 */
export async function compareWithOthers(
  store: Pick<Store, 'listNodes'>,
  clock: SteadyClock,
  { host, bootId }: Pick<NodeState, 'host' | 'bootId'>
): Promise<void> {
  const nodes = await store.listNodes()
  const isBeside = (node: NodeState): boolean => isAlive(node) && node.host === host && node.bootId === bootId
  const beside = bootId === UNKNOWN_BOOT ? [] : nodes.filter(isBeside)
  clock.compare(beside.flatMap(({ clockOffset }) => (clockOffset === undefined ? [] : [clockOffset])))
}
