import type { LedgerOutcome, LedgerRow } from '../schedule/ledger.ts'

/** What nodes count, and write with their renewals: the ends of a task's attempts, and three histograms. */
export const reportedKinds = ['job', 'wait', 'run', 'lateness'] as const
export type ReportedKind = (typeof reportedKinds)[number]

/**
 * What a total counts. `fire`: fire times by what was decided about them. `undecided`: of those, the ones whose decision
 * was taken back. `takeover`: how often a seat was taken whose holder had not resigned. `job`: how attempts and jobs of a
 * task ended. `wait` and `run`: how long jobs of a task waited and ran. `lateness`: how late fire times fired.
 */
export type TotalKind = 'fire' | 'undecided' | 'takeover' | ReportedKind

/**
 * The outcome under which a histogram has its sum, in milliseconds. The others are its buckets: "0" to "11", in the order
 * of `TALLY_BOUNDS_MS`.
 */
export const SUM_OUTCOME = 'ms'

/** A sum over all nodes that only grows. */
export interface Total {
  readonly kind: TotalKind
  /** The name of the task or seat. Empty for fire times: they are counted for all schedules together. */
  readonly name: string
  /** For fire times one of `ledgerOutcomes`, for jobs one of `jobOutcomes`; empty for takeovers. */
  readonly outcome: string
  /** 1 or more. */
  readonly n: number
}

/** A part of a total: what one node has counted. */
export interface NodeTotal extends Total {
  /** Empty: the sum of nodes that are gone. */
  readonly node: string
}

/** That a seat was taken whose holder had not resigned. */
export const takeoverOf = (seat: string): NodeTotal => ({ node: '', kind: 'takeover', name: seat, outcome: '', n: 1 })

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
