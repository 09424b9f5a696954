import type { NewJob } from '../core/job/job.ts'
import type { Report, SettleAnswer } from '../core/job/settle.ts'
import type { EnqueueAnswer } from './jobs.ts'
import type { ScheduleWrite } from './schedules.ts'

/** Another transaction holds what the item needs, perhaps for long. The item was not written, and may be retried. */
export type Held = 'held'

/**
 * Writes for many callers at once that never wait for transactions of others. Items that those hold are left out as
 * `held`. All others are written as by the methods of the same names. Each batch is a few atomic steps.
 */
export interface SparingWrites {
  enqueue(jobs: readonly NewJob[]): Promise<readonly (EnqueueAnswer | Held)[]>
  settle(reports: readonly Report[]): Promise<readonly (SettleAnswer | Held)[]>
  writeSchedules(writes: readonly ScheduleWrite[]): Promise<readonly ('written' | 'conflict' | Held)[]>
}
