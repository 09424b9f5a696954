import type { LedgerOutcome, LedgerRow } from '../schedule/ledger.ts'

/**
 * What a total counts. `fire`: fire times by what was decided about them. `undecided`: of those, the ones whose decision
 * was taken back. `job`: how attempts and jobs of a task ended.
 */
export const totalKinds = ['fire', 'undecided', 'job'] as const
export type TotalKind = (typeof totalKinds)[number]

/** A sum over all nodes that only grows. */
export interface Total {
  readonly kind: TotalKind
  /** The name of the task. Empty for fire times: they are counted for all schedules together. */
  readonly name: string
  /** For fire times one of `ledgerOutcomes`. */
  readonly outcome: string
  /** 1 or more. */
  readonly n: number
}

/** A part of a total: what one node has counted. */
export interface NodeTotal extends Total {
  /** Empty: the sum of nodes that are gone. */
  readonly node: string
}

type Decided = Pick<LedgerRow, 'node' | 'outcome' | 'count'>

/**
 * What a write of decisions about a schedule, or decisions about several of which none is taken back, adds to the
 * totals: the fire times of each row, under the node that decided. An undecide
 * deletes rows and writes some of them again, perhaps with fewer fire times. Totals never go down, so what is gone is
 * counted as `undecided`. So at any time `fire` minus `undecided` is what the ledger has, pruned rows included.
 */
export function countsOfDecisions(written: readonly Decided[], takenBack: readonly Decided[]): NodeTotal[] {
  const sums = new Map<string, { readonly node: string; readonly outcome: LedgerOutcome; n: number }>()
  const add = ({ node, outcome }: Decided, n: number): void => {
    const sum = sums.get(`${outcome} ${node}`)
    if (sum === undefined) sums.set(`${outcome} ${node}`, { node, outcome, n })
    else sum.n += n
  }
  for (const row of written) add(row, row.count)
  for (const row of takenBack) add(row, -row.count)
  return [...sums.values()].flatMap(({ node, outcome, n }): NodeTotal[] =>
    n === 0 ? [] : [{ node, kind: n > 0 ? 'fire' : 'undecided', name: '', outcome, n: Math.abs(n) }]
  )
}

/** Of rows that come from other books, whose nodes are not here. */
export const countsOfImported = (rows: readonly Decided[]): NodeTotal[] =>
  countsOfDecisions(
    rows.map(({ outcome, count }) => ({ node: '', outcome, count })),
    []
  )
