import type { ScheduleHealth } from '../core/counts/health.ts'
import type { Total } from '../core/counts/total.ts'
import type { Page, PageRequest } from './page.ts'

/** What the books count, since finished jobs are deleted and counting rows takes too long. */
export interface CountStore {
  /**
   * The sums over all nodes, ordered by kind, name and outcome; at most 10,000. Those of fire times are exact: they are
   * written with the ledger.
   */
  readTotals(): Promise<readonly Total[]>
  /**
   * How the jobs of these schedules have ended, in any order, written with the end of each job. At most 1,000 ids. Those
   * of which no attempt has failed and no job has finished yet are left out.
   */
  readHealth(scheduleIds: readonly string[]): Promise<readonly ScheduleHealth[]>
  /** Schedules whose last attempt has failed, in the order of their ids. Removed ones are left out. */
  listFailing(page: PageRequest): Promise<Page<ScheduleHealth>>
}

/** The most totals that are read: of about 1,600 tasks. */
export const MAX_TOTALS = 10_000
