import type { AttemptKey, ClaimedJob, Failure, JobState, NewJob } from '../core/job/job.ts'
import type { Report, SettleAnswer } from '../core/job/settle.ts'
import type { ScheduleGuard } from './schedules.ts'

/** `exists`: this very id is there already (an enqueue sent again). `duplicate`: a live job holds the unique key. */
export type EnqueueAnswer =
  | { readonly outcome: 'enqueued' | 'exists'; readonly id: string }
  | { readonly outcome: 'duplicate'; readonly id: string }

export interface ClaimRequest {
  readonly node: string
  /** The tasks that the node knows: others are not stepped over but never looked at. */
  readonly tasks: readonly string[]
  /** Undefined: all queues. Paused queues are left out in any case. */
  readonly queues: readonly string[] | undefined
  /** 0: nothing is taken, and what waits is told. */
  readonly limit: number
  /**
   * Every so many milliseconds of waiting, a job counts as one priority more urgent: so the order is that of `runAt +
   * priority × priorityAgingMs`, then id. Undefined: the order of priority, then `runAt`, then id, however long one
   * waits.
   */
  readonly priorityAgingMs?: number | undefined
  /**
   * Whether to take a job that was rescued once: only by a node that runs nothing else. It then comes as the only one.
   */
  readonly mayTakeSolo: boolean
}

export interface Claim {
  readonly jobs: readonly ClaimedJob[]
  /** When the next job of these tasks and queues becomes due, if all that is due was taken. */
  readonly nextRunAt: number | undefined
  /**
   * Since when a due job that was rescued once waits for an idle node: since its rescue, or since a later retry is due.
   */
  readonly soloSince: number | undefined
}

export type CancelAnswer = 'cancelled' | 'requested' | 'finished' | 'unknown'
export type RetryAnswer = 'retried' | 'conflict' | 'not-finished' | 'unknown'

export interface RescuedJob {
  readonly id: string
  readonly task: string
  readonly scheduleId: string | undefined
  readonly node: string
  readonly state: JobState
}

export interface StepResult {
  readonly name: string
  /** JSON. */
  readonly result: string
}

/** What the body of a transaction answers: the job's result as JSON. */
export type TransactionBody = (tx: unknown) => string | undefined | Promise<string | undefined>

export const outsideTransactions = Symbol('escapement: outside of transactions')

/** A connection of the app's, by the one method of it that is used: that of `pg`'s clients. `$1` stands for a value. */
export interface SqlClient {
  /** Set by what knows that this is no transaction's: what it is, in words. An enqueue refuses it. */
  readonly [outsideTransactions]?: string
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly object[] }>
}

/** A pool of `pg`, of whatever copy of it. */
export const isPool = (client: unknown): boolean =>
  typeof client === 'object' &&
  client !== null &&
  'totalCount' in client &&
  'idleCount' in client &&
  'connect' in client

export interface JobStore {
  /** In the order given; all in one statement or transaction. */
  enqueue(jobs: readonly NewJob[]): Promise<readonly EnqueueAnswer[]>
  /**
   * As `enqueue`, through a connection of the app's and within the transaction that is open there, if one is: rolled
   * back, the jobs were never there. What goes wrong on that connection is thrown as it is. Left out by stores that no
   * such connection leads to.
   *
   * Throws `client-invalid` for what is no such client, or one of another database.
   */
  enqueueWithin?(client: SqlClient, jobs: readonly NewJob[]): Promise<readonly EnqueueAnswer[]>
  /**
   * Takes due jobs in the order of priority, then `runAt`, then id, unless they age. Each gets a fence that is greater
   * than every fence given out before, and is never given again (rule 7).
   */
  claim(request: ClaimRequest): Promise<Claim>
  /** Commits the start of at-most-once attempts; false: the attempt is stale, don't begin. Twice is as once. */
  markStarted(attempt: AttemptKey): Promise<boolean>
  /** Every report is answered for itself; one stale row never sinks the batch (rule 10). */
  settle(reports: readonly Report[]): Promise<readonly SettleAnswer[]>
  /**
   * The completion itself, with effects: settles the attempt as completed under its fence, and only if that changed
   * the row runs the body in the same transaction, and commits (rule 17). A body that throws leaves nothing behind.
   */
  transact(attempt: AttemptKey, body: TransactionBody): Promise<'written' | 'stale'>
  /** False: the attempt is stale, nothing was written. */
  saveStep(attempt: AttemptKey, step: StepResult): Promise<boolean>
  readSteps(jobId: string): Promise<readonly StepResult[]>
  /** `progress` is JSON. False: the attempt is stale. */
  saveProgress(attempt: AttemptKey, progress: string): Promise<boolean>
  /** A job that isn't running is cancelled at once; of a running one it is asked (rule 14). */
  cancel(ids: readonly string[]): Promise<readonly CancelAnswer[]>
  /**
   * Makes a finished job available anew: failures, rescues and errors of the former life are cleared, its id and
   * thereby its idempotency key stay. For a job of a schedule the guard is compared, and `jobsCreated` raised with it.
   */
  retry(id: string, guard: ScheduleGuard | undefined): Promise<RetryAnswer>
  /**
   * Frees running jobs whose node has no live lease, however they got there; each write guarded by the fence that was
   * read (rule 8). What is free again is due from this instant on.
   */
  rescue(limit: number): Promise<readonly RescuedJob[]>
  /**
   * After a clock that ran ahead: jobs that wait longer than they were asked to, since the instant at which they were
   * enqueued with a delay, failed or became available is more than so much later than now, wait from now on. A `runAt`
   * that somebody asked for stays. Answers how many.
   */
  hastenJobs(toleranceMs: number): Promise<number>
  pauseQueue(queue: string, paused: boolean): Promise<void>
  /**
   * Adds a failure to a job's errors, whatever its state, before it returns: the process is about to crash. Best
   * effort, tried once. Stores that cannot write within one turn of the event loop leave it out.
   */
  recordFault?(jobId: string, failure: Failure): void
}
