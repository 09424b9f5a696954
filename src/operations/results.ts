import type { Clock } from '../clock/clock.ts'
import { EscapementError, isEscapementError } from '../core/errors.ts'
import { type Codecs, unsealedValue, unsealFailure } from '../core/payload/codec.ts'
import type { Failure } from '../core/job/job.ts'
import type { AnyTask } from '../core/job/task.ts'
import { aDuration } from '../core/options/forms.ts'
import { checkOptions, door } from '../core/options/options.ts'
import { durationMs } from '../core/options/duration.ts'
import type { JobEnd } from '../store/reading.ts'
import type { Store } from '../store/store.ts'

/** How a wait for a result ends. */
export interface ResultOptions {
  /**
   * How long to wait: milliseconds, or a text such as "30s".
   * @default 30 s
   */
  readonly timeout?: number | string
  /**
   * Ends the wait: it rejects with the signal's reason. The job continues.
   * @default none
   */
  readonly signal?: AbortSignal
}

const resultDoor = door<ResultOptions>('options-invalid', {
  timeout: aDuration,
  signal: { takes: 'an AbortSignal', allows: value => value instanceof AbortSignal }
})

/** How often it looks without a hint: the first look soon, the later ones rarer. */
const FIRST_PAUSE_MS = 25
const MAX_PAUSE_MS = 500
const GROWTH = 1.5
/** Hints that come faster than this share one look. */
const MIN_PAUSE_MS = 10
const IDS_AT_ONCE = 1_000

export interface ResultWaitsOptions {
  readonly clock: Clock
  /** Those of this process, whose codecs decode what is sealed. */
  readonly tasks: readonly AnyTask[]
  readonly use: <T>(use: (store: Store) => T | Promise<T>) => Promise<T>
  /** Hints at ends of jobs in this process, which the store does not tell. Returns a function that ends them. */
  readonly hints: (hint: () => void) => () => void
}

interface Waiting {
  readonly id: string
  readonly task: AnyTask | undefined
  readonly timeoutMs: number
  readonly endsAt: number
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * Those who wait for the results of jobs of any process. All of them share one look at the books: after a hint, else at
 * growing intervals.
 */
export class ResultWaits {
  readonly #options: ResultWaitsOptions
  readonly #waiting = new Set<Waiting>()
  #pause = new AbortController()
  #pauseMs = FIRST_PAUSE_MS
  #isLooking = false
  #lastFault: unknown

  constructor(options: ResultWaitsOptions) {
    this.#options = options
  }

  /**
   * The result of a job, once it has completed. `task`: the job's, if the caller has it.
   *
   * @throws EscapementError `job-failed`, `job-cancelled`, `job-unknown`, `timeout`, `stopped`, `codec-failed`,
   * `options-invalid`, `duration-invalid`; the signal's reason
   */
  async wait(id: string, options: ResultOptions = {}, task?: AnyTask): Promise<unknown> {
    checkOptions('result()', options, resultDoor)
    const timeoutMs = durationMs(options.timeout ?? '30s')
    const { signal } = options
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const waiting = { id, task, timeoutMs, endsAt: this.#options.clock.monotonic() + timeoutMs, resolve, reject }
    this.#waiting.add(waiting)
    const give = (): void => this.#end(waiting, () => reject(signal?.reason))
    signal?.addEventListener('abort', give)
    this.#hasten()
    void this.#look()
    try {
      return await promise
    } finally {
      signal?.removeEventListener('abort', give)
    }
  }

  /** Ends all waits. */
  refuse(reason: Error): void {
    for (const waiting of this.#waiting) this.#end(waiting, () => waiting.reject(reason))
  }

  /** Something may have ended. */
  readonly #hasten = (): void => {
    this.#pauseMs = FIRST_PAUSE_MS
    this.#pause.abort()
  }

  #end(waiting: Waiting, settle: () => void): void {
    if (!this.#waiting.delete(waiting)) return
    settle()
    if (this.#waiting.size === 0) this.#pause.abort()
  }

  /** Looks until nobody waits any more. Never throws. */
  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    const { clock, use, hints } = this.#options
    const unhint = hints(this.#hasten)
    let unwatch: (() => void) | undefined
    while (this.#waiting.size > 0) {
      this.#pause = new AbortController()
      try {
        unwatch ??= await use(store => store.watch(this.#hasten))
        await this.#lookOnce()
        this.#lastFault = undefined
      } catch (error) {
        this.#lastFault = error
        if (!isPassing(error)) for (const waiting of this.#waiting) this.#end(waiting, () => waiting.reject(error))
      }
      this.#endOverdue()
      await clock.sleep(Math.min(MIN_PAUSE_MS, this.#restMs()))
      await clock.sleep(Math.min(this.#pauseMs, this.#restMs()), this.#pause.signal)
      this.#pauseMs = Math.min(MAX_PAUSE_MS, this.#pauseMs * GROWTH)
    }
    unhint()
    unwatch?.()
    this.#isLooking = false
  }

  async #lookOnce(): Promise<void> {
    const waiting = [...this.#waiting]
    for (let from = 0; from < waiting.length; from += IDS_AT_ONCE) {
      const part = waiting.slice(from, from + IDS_AT_ONCE)
      const ids = [...new Set(part.map(({ id }) => id))]
      const ends = new Map((await this.#options.use(store => store.readEnds(ids))).map(end => [end.id, end]))
      for (const each of part) this.#judge(each, ends.get(each.id))
    }
  }

  #judge(waiting: Waiting, end: JobEnd | undefined): void {
    const { id, resolve, reject } = waiting
    if (end === undefined) return this.#end(waiting, () => reject(unknown(id)))
    if (end.state === undefined) return
    const { codecs } = waiting.task ?? this.#options.tasks.find(({ name }) => name === end.task) ?? {}
    if (end.state === 'completed')
      return this.#end(waiting, () => {
        try {
          resolve(resultOf(end, codecs))
        } catch (error) {
          reject(error)
        }
      })
    this.#end(waiting, () => reject(end.state === 'cancelled' ? cancelled(end) : failed(end, codecs)))
  }

  #endOverdue(): void {
    const now = this.#options.clock.monotonic()
    for (const waiting of this.#waiting)
      if (now >= waiting.endsAt) this.#end(waiting, () => waiting.reject(timedOut(waiting, this.#lastFault)))
  }

  /** Until the first of the waits is over. */
  #restMs(): number {
    let endsAt = Number.POSITIVE_INFINITY
    for (const waiting of this.#waiting) endsAt = Math.min(endsAt, waiting.endsAt)
    return this.#waiting.size === 0 ? 0 : Math.max(0, endsAt - this.#options.clock.monotonic())
  }
}

/** The books may come back before the wait is over. */
const isPassing = (error: unknown): boolean =>
  isEscapementError(error, 'store-busy') || isEscapementError(error, 'store-unavailable')

const unknown = (id: string): EscapementError =>
  new EscapementError(
    'job-unknown',
    `There is no job ${JSON.stringify(id)} whose result could be waited for. It never was in these books, or its ` +
      'transaction has not committed, or it has left them: a job of a task with keepCompleted: 0 does so as it completes.'
  )

const cancelled = ({ id, task }: JobEnd): EscapementError =>
  new EscapementError('job-cancelled', `The job ${id} of the task "${task}" has no result: it was cancelled.`)

function resultOf({ id, task, result }: JobEnd, codecs: Codecs | undefined): unknown {
  if (result === undefined) return undefined
  return unsealedValue(codecs, result, `The result of the job ${id} of the task "${task}"`)
}

function failed({ id, task, failure: kept }: JobEnd, codecs: Codecs | undefined): EscapementError {
  const failure = kept && unsealFailure(codecs, kept)
  return new EscapementError(
    'job-failed',
    `The job ${id} of the task "${task}" failed for good${failure === undefined ? '.' : `: ${failure.message}`}`,
    failure === undefined ? undefined : { cause: errorIn(failure) }
  )
}

/** The last failure as an error, with the message, code and stack that the job keeps. */
function errorIn(failure: Pick<Failure, 'message' | 'code' | 'stack' | 'cause'>): Error {
  const { message, code, stack, cause } = failure
  const error = new Error(message, cause === undefined ? undefined : { cause: errorIn(cause) })
  if (stack !== undefined) Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true })
  return code === undefined ? error : Object.assign(error, { code })
}

const timedOut = ({ id, timeoutMs }: Waiting, cause: unknown): EscapementError =>
  new EscapementError(
    'timeout',
    `The job ${id} has not finished within the ${timeoutMs} ms of this wait; it continues.`,
    cause === undefined ? undefined : { cause }
  )
