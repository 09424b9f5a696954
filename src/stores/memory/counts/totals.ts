import type { NodeTotal, Total } from '../../../core/counts/total.ts'
import { MAX_TOTALS } from '../../../store/counts.ts'
import type { ReportedTotal } from '../../../store/nodes.ts'
import type { MemoryBooks } from '../books.ts'
import { compareTexts } from '../sorted-list.ts'

const keyOf = ({ node, kind, name, outcome }: NodeTotal): string => [node, kind, name, outcome].join('\n')

export function addToTotal(books: MemoryBooks, count: NodeTotal): void {
  const before = books.totals.get(keyOf(count))
  books.totals.set(keyOf(count), { ...count, n: (before?.n ?? 0) + count.n })
}

/** Sums that a node reports: the greatest counts, for a repeated report may come late. */
export function keepTotals(books: MemoryBooks, node: string, totals: readonly ReportedTotal[]): void {
  for (const { kind, name, outcome, n } of totals) {
    const total = { node, kind, name, outcome, n }
    books.totals.set(keyOf(total), { ...total, n: Math.max(n, books.totals.get(keyOf(total))?.n ?? 0) })
  }
}

export function readTotals(books: MemoryBooks): Total[] {
  const sums = new Map<string, Total>()
  for (const { node: _node, ...total } of books.totals.values()) {
    const key = keyOf({ ...total, node: '' })
    sums.set(key, { ...total, n: (sums.get(key)?.n ?? 0) + total.n })
  }
  return [...sums.entries()]
    .sort(([a], [b]) => compareTexts(a, b))
    .slice(0, MAX_TOTALS)
    .map(([, total]) => total)
}

/** Adds what nodes that are gone have counted to one sum without a node. */
export function foldTotals(books: MemoryBooks): void {
  const folded = [...books.totals].filter(([, { node }]) => node !== '' && !books.nodes.has(node))
  for (const [key, total] of folded) {
    books.totals.delete(key)
    addToTotal(books, { ...total, node: '' })
  }
}
