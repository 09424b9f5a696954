import { isoOf } from '../core/trigger/instant.ts'
import { isAlive } from '../store/nodes.ts'
import { viewNode } from '../views/nodes.ts'
import type { Pulse } from '../views/status.ts'
import { written } from '../views/written.ts'
import type { EndpointResponse } from './handler.ts'
import type { ProcessFacts } from './process-facts.ts'

const MAX_NODES = 100

/** The state of scheduling, and the process that reports it. */
export function statusAnswer(
  { now, nodes, schedulers, nextFireAt, isOverdue }: Pulse,
  process: ProcessFacts
): EndpointResponse<'status'> {
  const alive = nodes.filter(isAlive)
  const shown = alive.slice(0, MAX_NODES).map(node => written(viewNode(node)))
  return {
    time: isoOf(now),
    process,
    scheduler: { running: schedulers > 0, nodes: schedulers, ...written({ nextFireAt }), overdue: isOverdue },
    nodes: { alive: alive.length, shown }
  }
}
