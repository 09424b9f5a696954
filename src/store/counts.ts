import type { Total } from '../core/counts/total.ts'

/** What the books count, since finished jobs are deleted and counting rows takes too long. */
export interface CountStore {
  /**
   * The sums over all nodes, ordered by kind, name and outcome; at most 10,000. Those of fire times are exact: they are
   * written with the ledger.
   */
  readTotals(): Promise<readonly Total[]>
}

/** The most totals that are read: of about 1,600 tasks. */
export const MAX_TOTALS = 10_000
