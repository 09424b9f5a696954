import type { Decision } from '../core/schedule/decide.ts'
import type { NewJob } from '../core/job/job.ts'
import type { LedgerRow } from '../core/schedule/ledger.ts'
import type { ScheduleState, TimelineRow } from '../core/schedule/schedule.ts'
import type { Page, PageRequest } from './page.ts'

/**
 * What a decision was read at. The write goes through only if all of it still stands (rule 1): a next fire time that
 * was computed anew under other time-zone data refuses the decisions that were read before.
 */
export interface ScheduleGuard {
  readonly decidedUntil: number
  readonly revision: number
  readonly jobsCreated: number
  readonly timezoneData: string | undefined
  /** A change, which raises the revision, was made knowing this mark. */
  readonly orphanedAt?: number | undefined
}

/** One decision about one schedule: everything that it writes, under one compare-and-set. */
export interface ScheduleWrite {
  /** Undefined: there must be no schedule, nor a tombstone, of this id. */
  readonly guard: ScheduleGuard | undefined
  /** The row as it shall be. */
  readonly state: ScheduleState
  readonly ledger: readonly LedgerRow[]
  /** Of an undecide: rows of the schedule whose run ends later than this are dropped before `ledger` is written. */
  readonly takesBackAfter?: number | undefined
  readonly jobs: readonly NewJob[]
  /** The stretches that begin with this write; none where only fire times were decided. */
  readonly timeline: readonly TimelineRow[]
}

/** A schedule as it was read for a decision, all in one snapshot. */
export interface ReadSchedule {
  readonly state: ScheduleState
  /** Jobs of it that are not finished. */
  readonly liveJobs: number
}

/** What was decided on a schedule as it was read, as the write that the store compares and sets. */
export function writeOf(read: ReadSchedule | undefined, decision: Decision): ScheduleWrite {
  const { state, ledger, jobs, timeline } = decision
  return { guard: read?.state, state, ledger, jobs, timeline }
}

/** The record of what an app's code registered last. */
export interface Registration {
  readonly app: string
  readonly release: number
  /** Hash over all definitions; equal hash and release: nothing to write. */
  readonly hash: string
}

/** What the books know of an app, all in one read. */
export interface AppRecord {
  readonly registration: Registration | undefined
  /** Whether the set of this hash is in the books, with its members. */
  readonly knowsSet: boolean
  /** Whether the app has schedules that are set aside. */
  readonly hasAside: boolean
}

export interface ScheduleStore {
  /**
   * Each write stands or falls for itself: `conflict` when the guard no longer holds, or when a ledger row or job of
   * that key is there already. Deciding is idempotent: the second of two equal writes is a conflict.
   */
  writeSchedules(writes: readonly ScheduleWrite[]): Promise<readonly ('written' | 'conflict')[]>
  /**
   * Active schedules whose `nextFireAt` is due by the store's clock, earliest first, and that clock. Where more are due
   * than the limit, `skipShare`, in [0, 1) and by default 0, says how far behind the earliest to begin: schedulers that
   * look at different parts meet less often.
   */
  dueSchedules(
    limit: number,
    skipShare?: number
  ): Promise<{ readonly now: number; readonly schedules: readonly ReadSchedule[] }>
  /** By id, tombstones included; unknown ids are left out. */
  readSchedules(ids: readonly string[]): Promise<{ readonly now: number; readonly schedules: readonly ReadSchedule[] }>
  /**
   * Active schedules whose `nextFireAt` was computed with another version of the time-zone data than this one, in the
   * order of their ids, those after `afterId`; at most `limit`. Schedules in which no zone has a part are none of them.
   */
  schedulesUnderOtherZoneData(
    timezoneData: string,
    page: { readonly afterId: string; readonly limit: number }
  ): Promise<readonly ReadSchedule[]>
  /** The earliest `nextFireAt` of all; undefined when nothing will ever be due. */
  nextDueAt(): Promise<number | undefined>
  /**
   * Schedules, removed ones too, that were decided, or are valid only, from an instant that is more than so much later
   * than now, by the store's clock; not those that have ended. In the order of their ids.
   */
  aheadSchedules(
    toleranceMs: number,
    limit: number
  ): Promise<{ readonly now: number; readonly schedules: readonly ReadSchedule[] }>
  readApp(app: string, hash: string): Promise<AppRecord>
  /**
   * Written unless a higher release is there. Marks the app's schedules that `ids` does not name as orphaned, and those
   * that it names as not; undefined: leaves all marks. Answers the ids that it marked orphaned now; without `marks`, by
   * default there, those that it would mark.
   */
  writeRegistration(
    registration: Registration,
    ids: readonly string[] | undefined,
    options?: { readonly marks?: boolean }
  ): Promise<readonly string[]>
  /** Schedules of the app that code no longer names, or that are removed, in the order of their ids. */
  listAside(app: string, page: PageRequest): Promise<Page<ReadSchedule>>
}
