import { setImmediate as nextTurn } from 'node:timers/promises'
import { busyDelayMs } from './busy.ts'
import type { BusyOptions } from './busy.ts'
import type { Connection } from './connection.ts'
import { asStoreError, busyError, classify, closedError } from '../errors.ts'

/** How long a transaction may include further writes: it holds both the lock and this process's event loop. */
const GATHER_MS = 5

/** `shared`: may share its commit with others. `alone`: may not. `once`: may not, and its step never runs twice. */
export type WriteMode = 'shared' | 'alone' | 'once'

interface Write {
  readonly step: () => unknown
  readonly mode: WriteMode
  readonly askedAt: number
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * The writes of one connection, in the order of the calls. Those that wait together share one transaction, and
 * therefore one commit. Each transaction begins and ends within one turn of the event loop.
 *
 * A shared step may run again after its transaction was rolled back because of another step, so it must have no effect
 * outside the database.
 */
export class WriteQueue {
  readonly #connection: Connection
  readonly #options: BusyOptions
  readonly #onRollback: () => void
  #waiting: Write[] = []
  #isPumping = false
  #isClosed = false

  constructor(connection: Connection, options: BusyOptions, onRollback: () => void) {
    this.#connection = connection
    this.#options = options
    this.#onRollback = onRollback
  }

  /** Whether no write waits for the lock. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Resolves when the step's transaction has been committed. */
  write<T>(step: () => T, mode: WriteMode = 'shared'): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#isClosed) throw closedError(this.#options.file)
      const askedAt = this.#options.clock.monotonic()
      this.#waiting.push({ step, mode, askedAt, resolve: answer => resolve(answer as T), reject })
      if (this.#isPumping) return
      this.#isPumping = true
      // After the microtasks that are already queued: callers that continue together share their first commit.
      queueMicrotask(() => void this.#pump())
    })
  }

  /** Rejects the writes that still wait. */
  close(): void {
    this.#isClosed = true
    for (const write of this.#waiting.splice(0)) write.reject(closedError(this.#options.file))
  }

  async #pump(): Promise<void> {
    let tries = 0
    try {
      while (this.#waiting.length > 0) {
        tries = this.#runTransaction() === 'busy' ? tries + 1 : 0
        if (tries > 0) await this.#options.clock.sleep(busyDelayMs(tries, this.#options.random))
        // Even if nobody waits yet: a caller that writes again after each result would otherwise block the event loop.
        else await nextTurn()
      }
    } finally {
      this.#isPumping = false
    }
  }

  #runTransaction(): 'done' | 'busy' {
    const begun: Write[] = []
    const answers: unknown[] = []
    try {
      this.#connection.begin('IMMEDIATE')
      this.#runSteps(begun, answers)
      this.#connection.commit()
    } catch (error) {
      this.#rollback()
      return this.#afterFault(error, begun)
    }
    this.#waiting.splice(0, begun.length)
    for (const [index, write] of begun.entries()) write.resolve(answers[index])
    return 'done'
  }

  #runSteps(begun: Write[], answers: unknown[]): void {
    const { clock } = this.#options
    const startedAt = clock.monotonic()
    for (const write of this.#waiting) {
      if (write.mode !== 'shared' && begun.length > 0) return
      begun.push(write)
      answers.push(write.step())
      if (write.mode !== 'shared' || clock.monotonic() - startedAt >= GATHER_MS) return
    }
  }

  /** The transaction was rolled back. A single write gets its error; several are retried one by one. */
  #afterFault(error: unknown, begun: readonly Write[]): 'done' | 'busy' {
    const mayRunAgain = begun[0]?.mode !== 'once'
    if (classify(error) === 'busy' && mayRunAgain) {
      this.#rejectOverdue(error)
      return 'busy'
    }
    if (begun.length > 1)
      this.#waiting.splice(0, begun.length, ...begun.map((write): Write => ({ ...write, mode: 'alone' })))
    else this.#waiting.shift()?.reject(this.#asPromised(error))
    return 'done'
  }

  #asPromised(error: unknown): unknown {
    return classify(error) === 'busy'
      ? busyError(this.#options.file, 0, error)
      : asStoreError(error, this.#options.file)
  }

  #rollback(): void {
    try {
      this.#connection.rollback()
    } catch {
      // Report the error that led here. SQLite rolls back the rest the next time the file is opened.
    }
    this.#onRollback()
  }

  #rejectOverdue(error: unknown): void {
    const { clock, operationTimeoutMs, file } = this.#options
    const now = clock.monotonic()
    const isOverdue = (write: Write): boolean => now - write.askedAt >= operationTimeoutMs
    for (const write of this.#waiting.filter(isOverdue)) write.reject(busyError(file, now - write.askedAt, error))
    this.#waiting = this.#waiting.filter(write => !isOverdue(write))
  }
}
