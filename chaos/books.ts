import type { ScheduleVerification } from '../src/core/verify/verify-counts.ts'
import type { Job } from '../src/core/job/job.ts'
import type { LedgerRow } from '../src/core/schedule/ledger.ts'
import type { SchedulePhase } from '../src/core/schedule/schedule.ts'

/** What of a job the checker looks at. */
export type BookedJob = Pick<
  Job,
  | 'id'
  | 'task'
  | 'state'
  | 'origin'
  | 'scheduleId'
  | 'fireAt'
  | 'runAt'
  | 'uniqueKey'
  | 'delivery'
  | 'maxAttempts'
  | 'failures'
  | 'rescues'
  | 'fence'
  | 'createdAt'
  | 'finishedAt'
> & { readonly lastErrorCode: string | undefined }

/** A row that a handler wrote in its job's transaction. */
export interface Effect {
  readonly job: string
  readonly fence: number
}

/** A job that a seat's holder enqueued under its term. */
export interface SeatWrite {
  readonly seat: string
  readonly term: number
  readonly pid: number
}

export interface BookedNode {
  readonly pid: number
  readonly phase: 'alive' | 'left' | 'lost'
}

export interface BookedSchedule {
  readonly id: string
  /** The instant after which it has fire times. */
  readonly createdAt: number
  /** As it was at the end, like what follows. */
  readonly phase: SchedulePhase
  readonly release: number
  readonly isOrphaned: boolean
}

/** The books as they were read when all was over. */
export interface Books {
  /** The store's time before the first of it was read. */
  readonly readAt: number
  readonly verifications: readonly ScheduleVerification[]
  readonly schedules: readonly BookedSchedule[]
  readonly ledger: readonly LedgerRow[]
  readonly jobs: readonly BookedJob[]
  /** In the order of their commits. */
  readonly effects: readonly Effect[]
  /** In the order of their commits. */
  readonly seatWrites: readonly SeatWrite[]
  readonly nodes: readonly BookedNode[]
}
