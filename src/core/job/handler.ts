import type { JsonValue, Kept } from '../options/json.ts'

/**
 * The app's logger: pino or what is like it (fields first), a console, or one of winston's or log4js's make (text first). One
 * level, "info" or above, is enough; what has no level of its own goes to the next that it has, and debug lines nowhere.
 */
export type AppLogger = object

/** What a handler logs with, in the way of pino or of the console: fields and an error may stand before or behind the text. */
export interface HandlerLog {
  debug: LogCall
  info: LogCall
  warn: LogCall
  error: LogCall
}

export interface LogCall {
  (fields: object, message?: string, ...values: unknown[]): void
  (message: string, ...values: unknown[]): void
}

/** A logger as it is used inside: pino's shape, the fields first. */
export interface Logger {
  debug(fields: object, message?: string): void
  info(fields: object, message?: string): void
  warn(fields: object, message?: string): void
  error(fields: object, message?: string): void
}

/** A prepared statement inside a transaction of a store whose transactions are synchronous. */
export interface SyncStatement {
  run(...parameters: unknown[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint }
  get(...parameters: unknown[]): Record<string, unknown> | undefined
  all(...parameters: unknown[]): Record<string, unknown>[]
}

/** The job's transaction on SQLite, on the connection of the books. Good only until the body returns. */
export interface SyncTransaction {
  prepare(sql: string): SyncStatement
  /** One or more statements without parameters. */
  exec(sql: string): void
}

/** What a query answers on PostgreSQL. */
export interface QueryAnswer<Row> {
  readonly rows: Row[]
  /** How many rows were read or written; null for statements that do neither. */
  readonly rowCount: number | null
}

/**
 * The job's transaction on PostgreSQL: the connection on which the job is being completed, by the one method of `pg`'s
 * clients that a transaction needs. Good only until the body's promise has settled.
 */
export interface AsyncTransaction {
  query<Row = Record<string, unknown>>(
    query: string | { readonly text: string; readonly values?: unknown[] },
    values?: unknown[]
  ): Promise<QueryAnswer<Row>>
  /** Whatever else such a client can be asked, so that what takes one takes this. */
  // oxlint-disable-next-line typescript/no-explicit-any
  query(...asked: any[]): any
}

/** What the body of a transaction is handed: `prepare` and `exec` are there on SQLite, `query` on PostgreSQL. */
export type Transaction = SyncTransaction & AsyncTransaction

export interface StepCall {
  <T>(name: string, fn: (() => T | Promise<T>) & OfKept<T>): Promise<T>
  <T extends JsonValue | undefined | void>(name: string, fn: () => T | Promise<T>): Promise<T>
}

/** Nothing more is asked of a function whose result strict JSON carries. */
type OfKept<T> = [T] extends [Kept<T>] ? unknown : never

/** What a handler gets. Its members are made when they are first asked for, and can be taken out of it one by one. */
export interface HandlerContext<Payload = unknown> {
  /** The output of the task's schema, or the payload as it was enqueued. */
  readonly payload: Payload
  readonly job: { readonly id: string; readonly task: string; readonly queue: string; readonly runAt: Date }
  /** Id of the schedule that created the job, if one did. */
  readonly schedule: string | undefined
  /** The nominal fire time that the job answers to; undefined for a job that was enqueued, run at start, or by hand. */
  readonly fireAt: Date | undefined
  /** How much later than `fireAt`, else `runAt`, this attempt began. */
  readonly lateMs: number
  /** From 1. */
  readonly attempt: number
  readonly maxAttempts: number
  /** Aborted at the time-out, a cancel, a lost lease, or when the process stops; the reason says which. */
  readonly signal: AbortSignal
  /** Grows with every claim: hand it to what should refuse writes of an earlier attempt. */
  readonly fence: number
  /** The same for every attempt of this job, operators' retries included; another for every other job. */
  readonly idempotencyKey: string
  /** The app's logger, with the job named in each line. */
  readonly log: HandlerLog
  /** Replaces the job's progress. Rejects with `attempt-stale` when this attempt is no longer the current one. */
  readonly progress: (value: unknown) => Promise<void>
  /**
   * Runs `fn` once over all attempts of the job, and answers its remembered result afterwards. The result has to be plain
   * JSON; one that is not rejects with `payload-invalid`, which names the step, and the next attempt runs it again.
   */
  readonly step: StepCall
  /**
   * The completion itself, with effects: `return transaction(tx => …)`. What the body writes with `tx` and the job's
   * completion are one commit: both happen, or neither. On SQLite the body has to be synchronous; on PostgreSQL it may be
   * async, and neither a query of it nor a pause between two may take longer than a minute.
   *
   * Rejects with `attempt-stale`, `transaction-async`, `transaction-repeated`, or what the body throws.
   */
  readonly transaction: <T>(body: (tx: Transaction) => T | Promise<T>) => Promise<T>
}

/** Why a handler's signal was aborted: `signal.reason` is an `AttemptAborted` with one of these. */
export type AbortCause = 'timeout' | 'cancelled' | 'lease-lost' | 'stopping'

export class AttemptAborted extends Error {
  override readonly name = 'AttemptAborted'
  readonly reason: AbortCause

  constructor(reason: AbortCause, message: string) {
    super(message)
    this.reason = reason
  }
}
