import type { NewAuditEntry } from '../core/access/audit.ts'
import type { Decision } from '../core/schedule/decide.ts'
import type { NewJob } from '../core/job/job.ts'
import type { LedgerRow } from '../core/schedule/ledger.ts'
import type { ScheduleState, TimelineRow } from '../core/schedule/schedule.ts'
import type { Page, PageRequest } from './pages/page.ts'

/**
 * What a decision was based on. The write succeeds only if all of it is unchanged (rule 1). So after a next fire time
 * was computed again under other time-zone data, decisions that were read before are refused.
 */
export interface ScheduleGuard {
  readonly decidedUntil: number
  readonly revision: number
  readonly jobsCreated: number
  readonly timezoneData: string | undefined
  /** A change, which raises the revision, was made with this mark. */
  readonly orphanedAt?: number | undefined
}

/** Everything that one decision about one schedule writes, under one compare-and-set. */
export interface ScheduleWrite {
  /** Undefined: there must be no schedule and no tombstone with this id. */
  readonly guard: ScheduleGuard | undefined
  /** The new row. */
  readonly state: ScheduleState
  readonly ledger: readonly LedgerRow[]
  /** For an undecide: rows of the schedule whose run ends later than this are deleted before `ledger` is written. */
  readonly takesBackAfter?: number | undefined
  readonly jobs: readonly NewJob[]
  /** The stretches that begin with this write; empty if only fire times were decided. */
  readonly timeline: readonly TimelineRow[]
  /** Who makes the change; undefined: a decision, or what code declares. */
  readonly audit?: NewAuditEntry | undefined
}

/** A schedule as it was read for a decision, all in one snapshot. */
export interface ReadSchedule {
  readonly state: ScheduleState
  /** Its unfinished jobs. */
  readonly liveJobs: number
}

/** The write of a decision about a schedule, guarded by the state that was read. */
export function writeOf(read: ReadSchedule | undefined, decision: Decision, audit?: NewAuditEntry): ScheduleWrite {
  const { state, ledger, jobs, timeline } = decision
  return { guard: read?.state, state, ledger, jobs, timeline, audit }
}

/** What an app's code registered last. */
export interface Registration {
  readonly app: string
  readonly release: number
  /** Hash over all definitions. With an equal hash and release, there is nothing to write. */
  readonly hash: string
}

/** What the books know about an app, in one read. */
export interface AppRecord {
  readonly registration: Registration | undefined
  /** Whether the set of this hash is in the books, with its members. */
  readonly knowsSet: boolean
  /** Whether `listAside` would list any. */
  readonly hasAside: boolean
}

export interface ScheduleStore {
  /**
   * Each write succeeds or fails alone. `conflict`: the guard no longer matches, or a ledger row or job with that key
   * exists already. Deciding is idempotent: the second of two equal writes is a conflict.
   */
  writeSchedules(writes: readonly ScheduleWrite[]): Promise<readonly ('written' | 'conflict')[]>
  /**
   * Active schedules whose `nextFireAt` is due by the store's clock, earliest first, and the time of that clock. If
   * more are due than `limit`, `skipShare` (in [0, 1), default 0) says how far after the earliest to begin, so that
   * schedulers read different parts and conflict less.
   */
  dueSchedules(
    limit: number,
    skipShare?: number
  ): Promise<{ readonly now: number; readonly schedules: readonly ReadSchedule[] }>
  /** By id, tombstones included. Unknown ids are left out. */
  readSchedules(ids: readonly string[]): Promise<{ readonly now: number; readonly schedules: readonly ReadSchedule[] }>
  /**
   * Active schedules whose `nextFireAt` was computed with another version of the time-zone data than this one: those
   * after `afterId`, in the order of their ids, at most `limit`. Schedules that depend on no zone are left out.
   */
  schedulesUnderOtherZoneData(
    timezoneData: string,
    page: { readonly afterId: string; readonly limit: number }
  ): Promise<readonly ReadSchedule[]>
  /** The earliest `nextFireAt` of all. Undefined if nothing will ever be due. */
  nextDueAt(): Promise<number | undefined>
  /**
   * Schedules whose `decidedUntil` or `validFrom` is more than `toleranceMs` later than the store's now. Includes
   * removed ones, but not those that have ended. In the order of their ids.
   */
  aheadSchedules(
    toleranceMs: number,
    limit: number
  ): Promise<{ readonly now: number; readonly schedules: readonly ReadSchedule[] }>
  readApp(app: string, hash: string): Promise<AppRecord>
  /**
   * Writes the registration unless a higher release is there. Marks the app's schedules that `ids` does not name as
   * orphaned, and unmarks those that it names; without `ids` all marks stay. Returns the ids that it marked now; with
   * `marks: false` (default true) those that it would mark.
   */
  writeRegistration(
    registration: Registration,
    ids: readonly string[] | undefined,
    options?: { readonly marks?: boolean }
  ): Promise<readonly string[]>
  /** Schedules of the app that code no longer names, or that are removed, in the order of their ids. */
  listAside(app: string, page: PageRequest): Promise<Page<ReadSchedule>>
}
