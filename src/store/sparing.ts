import type { NewJob } from '../core/job/job.ts'
import type { Report, SettleAnswer } from '../core/job/settle.ts'
import type { EnqueueAnswer } from './jobs.ts'
import type { ScheduleWrite } from './schedules.ts'

/**
 * Another transaction holds what it needs, and may do so for long: nothing of it was written, and it may be asked for
 * again.
 */
export type Held = 'held'

/**
 * The writes that a process makes for many at once, of which none waits for a transaction of others': what that holds
 * is left out, and all else is written as by the methods of the same names. Each batch is a few steps, and each of them
 * atomic.
 */
export interface SparingWrites {
  enqueue(jobs: readonly NewJob[]): Promise<readonly (EnqueueAnswer | Held)[]>
  settle(reports: readonly Report[]): Promise<readonly (SettleAnswer | Held)[]>
  writeSchedules(writes: readonly ScheduleWrite[]): Promise<readonly ('written' | 'conflict' | Held)[]>
}
