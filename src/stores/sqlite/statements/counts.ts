import type { NodeTotal, Total, TotalKind } from '../../../core/counts/total.ts'
import { MAX_TOTALS } from '../../../store/counts.ts'
import type { ReportedTotal } from '../../../store/nodes.ts'
import { goneNodes } from '../../sql/gone-nodes.ts'
import type { Books } from '../books.ts'

type TotalRow = readonly [kind: TotalKind, name: string, outcome: string, n: number]

const ADD = `
INSERT INTO escapement_total (node, kind, name, outcome, n) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (node, kind, name, outcome) DO UPDATE SET n = n + excluded.n`
const READ = `
SELECT kind, name, outcome, sum(n) FROM escapement_total GROUP BY kind, name, outcome ORDER BY kind, name, outcome LIMIT ${MAX_TOTALS}`
const GONE = goneNodes('escapement_total', 'escapement_node', '?')
const TAKE = 'DELETE FROM escapement_total WHERE node = ? RETURNING kind, name, outcome, n'

/** Those of one kind are added up first: most of a batch are. */
export function addToTotals({ connection }: Books, counts: readonly NodeTotal[]): void {
  const sums = new Map<string, NodeTotal>()
  for (const count of counts) {
    const key = [count.node, count.kind, count.name, count.outcome].join('\n')
    sums.set(key, { ...count, n: count.n + (sums.get(key)?.n ?? 0) })
  }
  const add = connection.prepare(ADD)
  for (const { node, kind, name, outcome, n } of sums.values()) add.run(node, kind, name, outcome, n)
}

const KEEP = `
INSERT INTO escapement_total (node, kind, name, outcome, n) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (node, kind, name, outcome) DO UPDATE SET n = max(n, excluded.n)`

/** Sums that a node reports: the greatest counts, for a repeated report may come late. */
export function keepTotals({ connection }: Books, node: string, totals: readonly ReportedTotal[]): void {
  for (const { kind, name, outcome, n } of totals) connection.prepare(KEEP).run(node, kind, name, outcome, n)
}

export const readTotals = ({ connection }: Books): Total[] =>
  connection
    .prepare<TotalRow>(READ)
    .all()
    .map(([kind, name, outcome, n]) => ({ kind, name, outcome, n }))

/** Adds what nodes that are gone have counted to one sum without a node. */
export function foldTotals(books: Books, limit: number): void {
  const { connection } = books
  for (const [gone] of connection.prepare<[string]>(GONE).all(limit)) {
    const rows = connection.prepare<TotalRow>(TAKE).all(gone)
    addToTotals(
      books,
      rows.map(([kind, name, outcome, n]) => ({ node: '', kind, name, outcome, n }))
    )
  }
}
