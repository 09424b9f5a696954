import type { ScheduleHealth } from '../core/counts/health.ts'
import type { LedgerOutcome, LedgerRow } from '../core/schedule/ledger.ts'
import type { SchedulePhase } from '../core/schedule/schedule.ts'
import { textOfDatedKey } from './pages/cursors.ts'
import type { SearchedPage, SearchRequest } from './pages/search.ts'
import type { ReadSchedule } from './schedules.ts'

/** Which schedules to find: those that have all of these. Without `phase` removed ones are left out. */
export interface ScheduleFilter {
  /** As it is shown: `ended` also if the trigger has no further fire time. */
  readonly phase?: SchedulePhase | undefined
  readonly task?: string | undefined
  readonly queue?: string | undefined
  /** Whose code names it, or whose calls have put it there. */
  readonly app?: string | undefined
  /** No code names it any more. */
  readonly isOrphaned?: true | undefined
  /** Its last attempt has failed. */
  readonly isFailing?: true | undefined
  /** Its next fire time is earlier than this. */
  readonly dueBefore?: number | undefined
  /** Its id has this text in it; of A to Z capitals and small letters count as equal. */
  readonly idPart?: string | undefined
}

/**
 * `nextFireAt`: those that have a next fire time, the earliest first. `lastSuccessAt`: those of which a job has
 * completed, the one without a success for the longest time first. Equals are in the order of their ids.
 */
export const scheduleOrders = ['id', 'nextFireAt', 'lastSuccessAt'] as const
export type ScheduleOrder = (typeof scheduleOrders)[number]

export interface ScheduleSearch extends SearchRequest {
  /** @default 'id' */
  readonly order?: ScheduleOrder | undefined
}

export interface FoundSchedule extends ReadSchedule {
  /** Undefined: no attempt has failed, and no job has finished yet. */
  readonly health: ScheduleHealth | undefined
}

/** Rows of all schedules. */
export interface UnfiredFilter {
  readonly outcome?: Exclude<LedgerOutcome, 'fired'> | undefined
  /** Rows that were decided in [from, until]. */
  readonly from: number
  readonly until: number
}

export interface FindingStore {
  findSchedules(filter: ScheduleFilter, page: ScheduleSearch): Promise<SearchedPage<FoundSchedule>>
  /** The newest rows of each of these schedules, newest first, at most `limit` of each. At most 200 ids. */
  readStrips(scheduleIds: readonly string[], limit: number): Promise<ReadonlyMap<string, readonly LedgerRow[]>>
  /**
   * Since when a job of each of these schedules is due that no process has ever claimed, of its oldest 100. Schedules
   * without such a job are left out. At most 200 ids.
   */
  waitingSince(scheduleIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Fire times that did not become jobs, of all schedules; those that were decided last come first. */
  listUnfired(filter: UnfiredFilter, page: SearchRequest): Promise<SearchedPage<LedgerRow>>
}

/** Of the unfinished jobs of a schedule so many are looked at for one that waits. */
export const JOBS_LOOKED_AT = 100

/** The cursor of the list that continues after this schedule. */
export function cursorOfSchedule(
  order: ScheduleOrder,
  { state: { id, nextFireAt = 0 }, health }: FoundSchedule
): string {
  if (order === 'id') return id
  return textOfDatedKey({ at: order === 'nextFireAt' ? nextFireAt : (health?.lastSuccessAt ?? 0), id })
}
