import type { ScheduleHealth } from '../core/counts/health.ts'
import type { TallyCounts } from '../core/counts/tally.ts'
import type { Total } from '../core/counts/total.ts'
import type { Page, PageRequest } from './pages/page.ts'

/** Which part of the tally to read: rows that begin in [from, until). */
export interface TallyFilter {
  readonly from: number
  readonly until: number
  /** Undefined: the sums over all tasks. */
  readonly task?: string | undefined
}

/** What was counted in a span of time, over all nodes. */
export interface TallySpan extends TallyCounts {
  readonly at: number
  /** A minute, 10 minutes if it is more than a day ago, or an hour if it is more than 30 days ago. */
  readonly spanMs: number
}

/** What the books count, since finished jobs are deleted and counting rows takes too long. */
export interface CountStore {
  /**
   * The sums over all nodes, ordered by kind, name and outcome; at most 50,000. Those of fire times and takeovers are
   * exact: they are written with the decision and the election. All others are gathered in each process and written with
   * its next renewal, every few seconds: what a killed process had gathered is missing.
   */
  readTotals(): Promise<readonly Total[]>
  /**
   * How attempts ended, earliest first; at most 20,000 spans. Without those that nothing happened in. As exact as the
   * totals of jobs. Spans of 400 days ago are dropped.
   */
  readTally(filter: TallyFilter): Promise<readonly TallySpan[]>
  /**
   * How the jobs of these schedules have ended, in any order, written with the end of each job. At most 1,000 ids. Those
   * of which no attempt has failed and no job has finished yet are left out.
   */
  readHealth(scheduleIds: readonly string[]): Promise<readonly ScheduleHealth[]>
  /** Schedules whose last attempt has failed, in the order of their ids. Removed ones are left out. */
  listFailing(page: PageRequest): Promise<Page<ScheduleHealth>>
}

/** The most totals that are read: of at least 1,500 tasks, each with 6 outcomes and 26 numbers of its histograms. */
export const MAX_TOTALS = 50_000

/** The most spans that are read: more than there are, of all levels. */
export const MAX_SPANS = 20_000
