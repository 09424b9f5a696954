import type { NodeState } from '../store/nodes.ts'
import type { Store } from '../store/store.ts'
import type { ProcessFacts } from './process-facts.ts'
import { iso } from './schedule-view.ts'

/** Due for longer than this and not decided: no scheduler can be at work. */
const OVERDUE_AFTER_MS = 5_000
const MOST_NODES = 100

/** How scheduling goes, as the books see it: any process can answer for all. */
export async function readStatus(store: Store, process: ProcessFacts) {
  const [now, nextFireAt, nodes] = await Promise.all([store.now(), store.nextDueAt(), store.listNodes()])
  const alive = nodes.filter(({ phase }) => phase === 'alive')
  const schedulers = alive.filter(({ roles }) => roles.includes('scheduler')).length
  return {
    time: iso(now),
    process,
    scheduler: {
      running: schedulers > 0,
      nodes: schedulers,
      nextFireAt: iso(nextFireAt),
      overdue: nextFireAt !== undefined && nextFireAt < now - OVERDUE_AFTER_MS
    },
    nodes: { alive: alive.length, shown: alive.slice(0, MOST_NODES).map(nodeView) }
  }
}

function nodeView({ id, host, pid, roles, release, version, startedAt, renewedAt }: NodeState) {
  return { id, host, pid, roles, release, version, startedAt: iso(startedAt), renewedAt: iso(renewedAt) }
}
