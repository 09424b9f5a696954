import type { JsonValue, Kept } from '../options/json.ts'

/**
 * The app's logger: pino or one like it (fields first), a console, or one like those of winston and log4js (text
 * first). One level, "info" or above, is enough: lines of a missing level use the nearest one that exists, and debug
 * lines without a level of their own are dropped.
 */
export type AppLogger = object

/** A handler's logger. Fields and an error may come before the text, as in pino, or after it, as in the console. */
export interface HandlerLog {
  debug: LogCall
  info: LogCall
  warn: LogCall
  error: LogCall
}

/** One line of a log: fields first, as in pino, or a text with values, as in the console. */
export interface LogCall {
  (fields: object, message?: string, ...values: unknown[]): void
  (message: string, ...values: unknown[]): void
}

/** The logger that Escapement uses internally: pino's shape, the fields first. */
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

/** The job's transaction on SQLite, on the connection of the books. Usable only until the body returns. */
export interface SyncTransaction {
  prepare(sql: string): SyncStatement
  /** One or more statements without parameters. */
  exec(sql: string): void
}

/** The result of a query on PostgreSQL. */
export interface QueryAnswer<Row> {
  readonly rows: Row[]
  /** How many rows were read or written. Null for statements that do neither. */
  readonly rowCount: number | null
}

/**
 * The job's transaction on PostgreSQL: the connection on which the job is being completed, with the one method of
 * `pg`'s clients that a transaction needs. Usable only until the body's promise has settled.
 */
export interface AsyncTransaction {
  query<Row = Record<string, unknown>>(
    query: string | { readonly text: string; readonly values?: unknown[] },
    values?: unknown[]
  ): Promise<QueryAnswer<Row>>
  /** The other forms of `pg`'s `query`, so that this can be passed where a client is expected. */
  // oxlint-disable-next-line typescript/no-explicit-any
  query(...asked: any[]): any
}

/** The argument of a transaction's body: it has `prepare` and `exec` on SQLite, `query` on PostgreSQL. */
export type Transaction = SyncTransaction & AsyncTransaction

/** The call `step(name, fn)` of a handler; see {@link HandlerContext}. */
export interface StepCall {
  <T>(name: string, fn: (() => T | Promise<T>) & OfKept<T>): Promise<T>
  <T extends JsonValue | undefined | void>(name: string, fn: () => T | Promise<T>): Promise<T>
}

/** Accepts a function whose result strict JSON can carry; otherwise names what it cannot carry, and the cure. */
type OfKept<T> = [T] extends [Kept<T>] ? unknown : () => Kept<T> | Promise<Kept<T>>

/** The argument of a handler. Its members are created on first use, and can be destructured. */
export interface HandlerContext<Payload = unknown> {
  /** The output of the task's schema, or the payload as it was enqueued. */
  readonly payload: Payload
  readonly job: { readonly id: string; readonly task: string; readonly queue: string; readonly runAt: Date }
  /** Id of the schedule that created the job, if one did. */
  readonly scheduleId: string | undefined
  /** The fire time that the job is for. Undefined for a job that was enqueued, run at start, or run by hand. */
  readonly fireAt: Date | undefined
  /** How many milliseconds after `fireAt`, else after `runAt`, this attempt began. */
  readonly lateMs: number
  /** From 1. */
  readonly attempt: number
  /** Infinity if it is tried without end. */
  readonly maxAttempts: number
  /**
   * Aborted on a time-out, a cancel, a lost lease, or a stop of the process. Its reason is an {@link AttemptAborted}.
   */
  readonly signal: AbortSignal
  /** Grows with every claim. Pass it to resources that should refuse writes of earlier attempts. */
  readonly fence: number
  /** The same for every attempt of this job, operators' retries included. Different for every other job. */
  readonly idempotencyKey: string
  /** The app's logger, with the job named in each line. */
  readonly log: HandlerLog
  /**
   * Replaces the job's progress.
   *
   * @throws EscapementError `attempt-stale` if this attempt is no longer the current one
   */
  readonly progress: (value: unknown) => Promise<void>
  /**
   * Runs `fn` once over all attempts of the job; later calls resolve with the remembered result. The result must be
   * plain JSON. If it is not, the next attempt runs the step again.
   *
   * @throws EscapementError `payload-invalid` for a result that is not plain JSON; it names the step
   */
  readonly step: StepCall
  /**
   * Completes the job together with writes of your own: `return transaction(tx => …)`. What the body writes with `tx`
   * and the job's completion are one commit: both happen, or neither. On SQLite the body must be synchronous. On
   * PostgreSQL it may be async; no query and no pause between two queries may take longer than a minute.
   *
   * @throws EscapementError `attempt-stale`, `transaction-async`, `transaction-repeated`, or what the body throws
   */
  readonly transaction: <T>(body: (tx: Transaction) => T | Promise<T>) => Promise<T>
}

/** Why a handler's signal was aborted. */
export type AbortCause = 'timeout' | 'cancelled' | 'lease-lost' | 'stopping'

/**
 * The `reason` of a handler's aborted signal.
 *
 * @example
 * ```ts
 * signal.addEventListener('abort', () => {
 *   const { reason } = signal.reason as AttemptAborted
 *   if (reason === 'timeout') log.warn('took too long')
 * })
 * ```
 */
export class AttemptAborted extends Error {
  override readonly name = 'AttemptAborted'
  /** Why: the time limit, a cancel, a lost lease, or a stop of the process. */
  readonly reason: AbortCause

  constructor(reason: AbortCause, message: string) {
    super(message)
    this.reason = reason
  }
}
