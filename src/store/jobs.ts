import type { NewAuditEntry } from '../core/access/audit.ts'
import type { AttemptKey, ClaimedJob, Failure, JobState, NewJob } from '../core/job/job.ts'
import type { Report, SettleAnswer } from '../core/job/settle.ts'
import type { ScheduleGuard } from './schedules.ts'

/**
 * `exists`: there is a job with this id (a repeated enqueue). `duplicate`: another job, whose id this is, holds the unique
 * key. `replaced`: that one has taken over payload, time and options.
 */
export type EnqueueAnswer =
  | { readonly outcome: 'enqueued' | 'exists'; readonly id: string }
  | { readonly outcome: 'duplicate' | 'replaced'; readonly id: string }

export interface ClaimRequest {
  readonly node: string
  /** The tasks that the node knows. Jobs of others are not skipped one by one, but never read. */
  readonly tasks: readonly string[]
  /** Undefined: all queues. Paused queues are always left out. */
  readonly queues: readonly string[] | undefined
  /** 0: take no job, only report what waits. */
  readonly limit: number
  /**
   * Each time a job has waited this long, it gains one step of priority: jobs are ordered by
   * `runAt + priority × priorityAgingMs`, then id. Undefined: by priority, then `runAt`, then id, however long a job
   * waits.
   */
  readonly priorityAgingMs?: number | undefined
  /** Whether to take a solo job: only a node that runs nothing else may. The claim then has no other job. */
  readonly mayTakeSolo: boolean
}

export interface Claim {
  readonly jobs: readonly ClaimedJob[]
  /** When the next job of these tasks and queues becomes due, if all due jobs were taken. */
  readonly nextRunAt: number | undefined
  /** Since when a due solo job waits for an idle node: since its rescue, or since a later retry is due. */
  readonly soloSince: number | undefined
}

/** `requested`: the job runs, and its signal is aborted. `finished`: it had already ended. */
export type CancelAnswer = 'cancelled' | 'requested' | 'finished' | 'unknown'
/** What is to be changed of a job that waits; the rest stays. */
export interface JobChange {
  /** An instant in the past is read as now. */
  readonly runAt?: number | undefined
  readonly priority?: number | undefined
  /** JSON. */
  readonly payload?: string | undefined
}

/** `begun`: it was claimed before, so its payload stays: what it did under its idempotency key was done with that one. */
export type ChangeAnswer = 'changed' | 'begun' | 'not-waiting' | 'unknown'
export type DeleteAnswer = 'deleted' | 'not-finished' | 'unknown'
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

/** The body of a transaction. It returns the job's result as JSON. */
export type TransactionBody = (tx: unknown) => string | undefined | Promise<string | undefined>

export const outsideTransactions = Symbol('escapement: outside of transactions')

/** A connection of the app, with the one method that is used: `query`, as in `pg`. `$1` stands for a value. */
export interface SqlClient {
  /** Says in words what this is, if it is known not to be in a transaction. An enqueue refuses it. */
  readonly [outsideTransactions]?: string
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly object[] }>
}

/** Whether it is a pool of `pg`, of any copy of the package. */
export const isPool = (client: unknown): boolean =>
  typeof client === 'object' &&
  client !== null &&
  'totalCount' in client &&
  'idleCount' in client &&
  'connect' in client

export interface JobStore {
  /**
   * Returns results in the given order. All jobs are one statement or transaction. Of the entries, whose targets are the
   * ids of jobs, those are written whose job was enqueued; one that replaced another job's values names that one.
   */
  enqueue(jobs: readonly NewJob[], audit?: readonly NewAuditEntry[]): Promise<readonly EnqueueAnswer[]>
  /**
   * As `enqueue`, through a connection of the app and within its open transaction, if any: a rollback removes the jobs.
   * Errors of that connection are thrown unchanged. Missing in stores that no such connection leads to.
   *
   * @throws EscapementError `client-invalid` if it is not such a client, or is connected to another database
   */
  enqueueWithin?(client: SqlClient, jobs: readonly NewJob[]): Promise<readonly EnqueueAnswer[]>
  /**
   * Takes due jobs in the order of priority, then `runAt`, then id, unless they age. Each gets a fence that is greater
   * than every fence before it, and is never used again (rule 7).
   */
  claim(request: ClaimRequest): Promise<Claim>
  /** Commits the start of an at-most-once attempt. False: the attempt is stale, don't begin. May be repeated. */
  markStarted(attempt: AttemptKey): Promise<boolean>
  /** Returns a result for each report. One stale row never fails the batch (rule 10). */
  settle(reports: readonly Report[]): Promise<readonly SettleAnswer[]>
  /**
   * Completes a job together with the body's writes. It settles the attempt as completed under its fence. Only if that
   * changed the row, it runs the body in the same transaction, and commits (rule 17). A body that throws leaves no
   * trace.
   */
  transact(attempt: AttemptKey, body: TransactionBody): Promise<'written' | 'stale'>
  /** False: the attempt is stale, nothing was written. */
  saveStep(attempt: AttemptKey, step: StepResult): Promise<boolean>
  readSteps(jobId: string): Promise<readonly StepResult[]>
  /** `progress` is JSON. False: the attempt is stale. */
  saveProgress(attempt: AttemptKey, progress: string): Promise<boolean>
  /**
   * Cancels a job that isn't running at once, and asks a running one to stop (rule 14). Of an entry about such a job it
   * writes in `after` which of the two it was.
   */
  cancel(ids: readonly string[], audit?: readonly NewAuditEntry[]): Promise<readonly CancelAnswer[]>
  /**
   * Makes a finished job available again. Its failures, rescues and errors are cleared; its id, and so its idempotency
   * key, stay. For a job of a schedule it compares the guard, and raises `jobsCreated`.
   */
  retry(id: string, guard: ScheduleGuard | undefined, audit?: NewAuditEntry): Promise<RetryAnswer>
  /** Changes a job that waits to run, all of it or nothing. */
  changeJob(id: string, change: JobChange, audit?: NewAuditEntry): Promise<ChangeAnswer>
  /** Drops finished jobs with their steps. */
  deleteJobs(ids: readonly string[], audit?: readonly NewAuditEntry[]): Promise<readonly DeleteAnswer[]>
  /**
   * Frees every running job whose node has no live lease. Each write is guarded by the fence that was read (rule 8). A
   * freed job is due from now.
   */
  rescue(limit: number): Promise<readonly RescuedJob[]>
  /**
   * After a clock that ran ahead: shortens the wait of jobs that were enqueued with a delay, failed or became available
   * at an instant more than `toleranceMs` later than now. They wait from now. A `runAt` that a caller asked for stays.
   * Returns how many jobs it changed.
   */
  hastenJobs(toleranceMs: number): Promise<number>
  /** An entry is written if the queue was not yet as it is to be. */
  pauseQueue(queue: string, paused: boolean, audit?: NewAuditEntry): Promise<void>
  /**
   * Adds a failure to a job's errors, in any state, before it returns: the process is about to crash. Best effort,
   * tried once. Missing in stores that cannot write within one turn of the event loop.
   */
  recordFault?(jobId: string, failure: Failure): void
}
