import { lastBeforeSilence } from '../../core/clock-trust.ts'
import { isAlive } from '../../store/nodes.ts'
import type { Store } from '../../store/store.ts'
import type { SteadyClock } from './steady-clock.ts'

/**
 * A process that starts while its wall clock lies has no earlier reading to compare with, and would claim what is not
 * due. If every node that counts as alive has been silent for longer than a lease, time goes on from their last renewal
 * until the wall clock has agreed for a while, and delays are computed from the latest that it may be. They may also be dead: then what became due since waits that long.
 */
export async function continueWhereOthersWere(store: Store, clock: SteadyClock, leaseTtlMs: number): Promise<void> {
  const nodes = await store.listNodes()
  const shown = nodes.map(node => ({ isAlive: isAlive(node), renewedAt: node.renewedAt }))
  const last = lastBeforeSilence(shown, clock.now(), leaseTtlMs)
  // One that lives has renewed within its lease.
  if (last !== undefined) clock.continueFrom(last, leaseTtlMs)
}
