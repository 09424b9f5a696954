import type { Facts } from './facts.ts'
import type { Finding } from './rules.ts'
import { type Recorded, recorded } from './recorded.ts'
import type { NodeFact } from '../history.ts'

const striking: ReadonlySet<string> = new Set(['kill', 'freeze', 'ambush', 'depose'])
/** Processes whose master was killed end by themselves, as well as they can. */
const ORPHANED_MS = 10_000

/** L8: a node that no fault has struck says, before its process is gone, that it has stopped. */
export function endingFindings({ entries }: Facts): Finding[] {
  const started = recorded(entries, 'node.started')
  const stopped = new Set(recorded(entries, 'node.stopped').map(({ by }) => by))
  const faults = recorded(entries, 'fault.began').filter(({ kind }) => striking.has(kind))
  const struck = new Set(faults.flatMap(({ pids }) => pids))
  const nodes = new Set(started.map(({ pid }) => pid))
  const mastersKilledAt = faults
    .filter(({ kind, pids }) => kind === 'kill' && !pids.some(pid => nodes.has(pid)))
    .map(({ at }) => at)
  const lastWordOf = new Map(entries.map(({ by, at }) => [by, at]))
  const isExcused = ({ pid, by }: Recorded<NodeFact>): boolean => {
    const endedAt = lastWordOf.get(by) ?? 0
    return struck.has(pid) || mastersKilledAt.some(at => endedAt >= at - ORPHANED_MS && endedAt <= at + ORPHANED_MS)
  }
  return started
    .filter(node => !stopped.has(node.by) && !isExcused(node))
    .map(({ pid }) => ({ rule: 'L8', says: `The process ${pid} was asked to end, and did not end in order.` }))
}
