import type { Failure, Job, JobState } from '../core/job/job.ts'
import type { LedgerRow } from '../core/schedule/ledger.ts'
import type { TimelineRow } from '../core/schedule/schedule.ts'
import type { Page, PageRequest } from './pages/page.ts'
import type { SearchedPage, SearchRequest } from './pages/search.ts'
import type { ReadSchedule } from './schedules.ts'

export type { Page, PageRequest }

/** Which jobs to list: those that have all of these. */
export interface JobFilter {
  readonly state?: JobState | undefined
  readonly task?: string | undefined
  readonly queue?: string | undefined
  readonly scheduleId?: string | undefined
}

/** How a job stands, for those who wait for its end. */
export interface JobEnd {
  readonly id: string
  readonly task: string
  /** Undefined: it has not finished. */
  readonly state: 'completed' | 'cancelled' | 'discarded' | undefined
  /** JSON. */
  readonly result: string | undefined
  /** The last failure of a discarded job, if it had one. */
  readonly failure: Failure | undefined
}

/** What those who wait for the end of a job are told of it. */
export function endOf({
  id,
  task,
  state,
  result,
  errors
}: Pick<Job, 'id' | 'task' | 'state' | 'result' | 'errors'>): JobEnd {
  const end = state === 'completed' || state === 'cancelled' || state === 'discarded' ? state : undefined
  return { id, task, state: end, result, failure: end === 'discarded' ? errors.at(-1) : undefined }
}

export interface LedgerFilter {
  readonly scheduleId: string
  /** Rows whose run overlaps [from, until]. */
  readonly from: number
  readonly until: number
}

export interface QueueState {
  readonly queue: string
  readonly pausedAt: number | undefined
  /** Unfinished jobs by state. */
  readonly counts: Readonly<Partial<Record<JobState, number>>>
}

export interface TaskBacklog {
  readonly task: string
  /** Jobs of the task that are due or will be due. */
  readonly waiting: number
}

export interface PruneRequest {
  /** Prune ledger rows whose last fire time is earlier. */
  readonly ledgerBefore: number
  /** Prune cancelled and discarded jobs that finished earlier. Completed jobs have their own `keepMs`. */
  readonly unsuccessfulBefore: number
  /** Prune nodes that ended earlier. */
  readonly nodesBefore: number
  /** Roll up the tally as it is due at this instant. Undefined: not. */
  readonly tallyAt?: number | undefined
  /** Prune entries of the audit that are earlier. */
  readonly auditBefore: number
  /** At most so many rows of each kind, so that no write takes long. */
  readonly limit: number
}

export interface Pruned {
  readonly ledger: number
  readonly jobs: number
  readonly nodes: number
  /** Rows of the tally that were rolled up or dropped, of the level with most of them. */
  readonly tally: number
  readonly audit: number
  /** Sessions that have expired; they need no limit of their own in the request. */
  readonly sessions: number
}

export interface ReadingStore {
  /** In the order of their ids. Tombstones only if asked for. */
  listSchedules(page: PageRequest & { readonly includeRemoved?: boolean }): Promise<Page<ReadSchedule>>
  /** Oldest stretch first. */
  readTimeline(scheduleId: string): Promise<readonly TimelineRow[]>
  /** In the order of their fire times. */
  listLedger(filter: LedgerFilter, page: PageRequest): Promise<Page<LedgerRow>>
  /** The newest rows, newest first. `limit` is 1 to 1,000. */
  latestLedger(scheduleId: string, limit: number): Promise<readonly LedgerRow[]>
  /** Fire times up to this instant may have been pruned from the ledger. Undefined: none were pruned yet. */
  ledgerPrunedUntil(): Promise<number | undefined>
  readJob(id: string): Promise<Job | undefined>
  /** Those of the jobs that are in the books, in any order, without their payloads. At most 1,000 ids. */
  readEnds(ids: readonly string[]): Promise<readonly JobEnd[]>
  /** Newest first, by id. */
  listJobs(filter: JobFilter, page: SearchRequest): Promise<SearchedPage<Job>>
  listQueues(): Promise<readonly QueueState[]>
  /** Every task with unfinished jobs, to find those that no live node knows. */
  taskBacklogs(): Promise<readonly TaskBacklog[]>
  prune(request: PruneRequest): Promise<Pruned>
}
