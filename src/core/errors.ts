/**
 * Every code that an {@link EscapementError} can carry, with its meaning. `docs/errors.md` has a paragraph for each,
 * and a test compares the two lists.
 *
 * @example
 * ```ts
 * for (const [code, meaning] of Object.entries(errorMeanings)) console.log(code, meaning)
 * ```
 */
export const errorMeanings = {
  'attempt-stale': 'This attempt is no longer the current one of its job; what it tried to write was rejected.',
  'client-invalid': 'The client is not a database client, or is connected to another database.',
  'codec-failed': 'The codec of a task could not encode a value, or decode one of the books.',
  'config-invalid': 'A setting is missing, unknown, or has a value that it does not take.',
  'cron-impossible': 'The cron expression is well formed, but can never match an instant.',
  'cron-invalid': 'The cron expression is not well formed.',
  'duration-invalid': 'A duration is neither a number of milliseconds nor a text such as "5m".',
  'id-invalid': 'A name or id is empty, too long, or contains characters that are not allowed.',
  'incident-unknown': 'There is no open incident with this id.',
  'job-at-most-once': 'An at-most-once job is run again only if the caller says so.',
  'job-cancelled': 'The job whose result was waited for was cancelled.',
  'job-failed': 'The job whose result was waited for has failed for good.',
  'job-finished': 'A job that has finished cannot be cancelled.',
  'job-not-finished': 'Only a finished job can be retried or deleted by an operator.',
  'job-not-waiting': 'Only a job that waits to run can be changed, and its payload only before it has begun.',
  'job-unknown': 'There is no job with this id.',
  'master-unknown': 'No running "escapement start" was found.',
  'migration-mismatch':
    'The database was migrated by another or a newer release, and this one does not know its schema.',
  'options-invalid': 'An argument or an option of a call is unknown, or has a value that it does not take.',
  'payload-invalid': 'The payload is not strict JSON, is too large, or does not satisfy the schema of its task.',
  'payload-redacted': 'Values were left out of the payload of this job when it was exported, so it cannot run again.',
  'schedule-changed': 'The schedule is not as it was when the change was meant; nothing was written.',
  'schedule-invalid': 'A schedule is not well formed.',
  'schedule-overlapping': 'A job of this schedule is not finished, and its overlap policy allows no other.',
  'schedule-refused': 'The id of a schedule belongs to code or to another app, or it was removed for good.',
  'schedule-unknown': 'There is no schedule with this id.',
  'seat-lost': 'This process no longer holds the seat in whose name it tried to write; nothing was written.',
  'seat-refused': 'The configured back end could let two processes hold a seat at once.',
  'seat-unavailable': 'The back end that decides who holds a seat could not be reached, created or written.',
  'step-repeated': 'The name of a step was used twice in one attempt.',
  stopped: 'This Escapement has been stopped.',
  'store-busy': 'The database was locked by others for longer than the deadline of this operation.',
  'store-unavailable': 'The database could not be reached, opened or written.',
  'task-invalid': 'A task is not well formed, or two tasks have the same name.',
  'task-not-run': 'No live process runs jobs of this task.',
  'task-unknown': 'There is no task with this name in this process.',
  timeout: 'The job has not finished within the time that its result was waited for.',
  'timezone-invalid': 'This Node does not know the time zone.',
  'token-unknown': 'There is no token with this id.',
  'transaction-async': 'The body of a transaction on this store has to be synchronous.',
  'transaction-repeated': 'A handler called transaction() a second time, or wrote after it.',
  'trigger-invalid': 'A trigger is not well formed.'
} as const

/** What an {@link EscapementError} is about. */
export type ErrorCode = keyof typeof errorMeanings

/**
 * The only class of errors that Escapement throws. Tell errors apart by `code`, never by the message.
 *
 * @example
 * ```ts
 * try {
 *   await app.enqueue(mail, payload)
 * } catch (error) {
 *   if (isEscapementError(error, 'store-unavailable')) return serviceUnavailable()
 *   throw error
 * }
 * ```
 */
export class EscapementError extends Error {
  override readonly name = 'EscapementError'
  /** What went wrong; {@link errorMeanings} has the meaning of each. */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * Whether the value is an {@link EscapementError}, with this code if one is given; the compiler then knows the code.
 *
 * @example
 * ```ts
 * if (isEscapementError(error, 'job-unknown')) return notFound(error.message)
 * ```
 */
export function isEscapementError<Code extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: Code
): error is EscapementError & { readonly code: Code } {
  return error instanceof EscapementError && (code === undefined || error.code === code)
}
