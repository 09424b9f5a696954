import type { HeldAttempt, NodeRecord, NodeReport, NodeState, Renewal } from '../../store/nodes.ts'
import type { MemoryBooks } from './books.ts'
import { keepTallies } from './counts/tally.ts'
import { keepTotals } from './counts/totals.ts'

/** A repeated join changes nothing. In particular it never revives an identity that has ended (rule 6). */
export function join(books: MemoryBooks, node: NodeRecord, now: number): void {
  if (books.nodes.has(node.id)) return
  books.nodes.set(node.id, { ...node, counter: 0, phase: 'alive', startedAt: now, renewedAt: now })
}

export function renew(
  books: MemoryBooks,
  { nodeId, report }: { readonly nodeId: string; readonly report: NodeReport | undefined },
  now: number
): Renewal {
  const node = aliveNode(books, nodeId)
  if (node === undefined) return { phase: 'lost' }
  const vitals = report?.vitals ?? node.vitals
  books.nodes.set(nodeId, { ...node, counter: node.counter + 1, renewedAt: now, vitals })
  keepTotals(books, nodeId, report?.totals ?? [])
  keepTallies(books, nodeId, report?.tallies ?? [])
  return { phase: 'alive', held: heldBy(books, nodeId) }
}

const heldBy = (books: MemoryBooks, nodeId: string): HeldAttempt[] =>
  Array.from(books.running.get(nodeId)?.values() ?? [], job => ({
    id: job.id,
    fence: job.fence!,
    cancelRequested: job.cancelRequestedAt !== undefined
  }))

export function leave(books: MemoryBooks, nodeId: string, now: number): void {
  const node = aliveNode(books, nodeId)
  if (node !== undefined) end(books, { ...node, phase: 'left' }, now)
}

export function markLost(
  books: MemoryBooks,
  seen: { readonly id: string; readonly counter: number },
  now: number
): boolean {
  const node = aliveNode(books, seen.id)
  if (node?.counter !== seen.counter) return false
  end(books, { ...node, phase: 'lost' }, now)
  return true
}

function end(books: MemoryBooks, node: NodeState, now: number): void {
  books.nodes.set(node.id, node)
  books.nodesEndedAt.set(node.id, now)
}

function aliveNode(books: MemoryBooks, id: string): NodeState | undefined {
  const node = books.nodes.get(id)
  return node?.phase === 'alive' ? node : undefined
}
