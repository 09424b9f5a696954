import { systemClock } from '../clock/system.ts'
import { EscapementError } from '../core/errors.ts'
import { type OpenBooks, openBooks } from './open-books.ts'
import { Calls } from '../runtime/calls.ts'
import { waitAtMost } from '../runtime/patience.ts'
import type { Emitter } from '../runtime/events/emitter.ts'
import type { Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'

/** How long a stop waits for books that are still opening. Books that can be opened take milliseconds. */
const OPENING_MS = 1_000
/** A stop waits for calls under way as long as its grace lasts, but always within these limits. */
const MIN_CALLS_MS = 1_000
const MAX_CALLS_MS = 5_000

/** An app's access to its books: opened by the first call, closed once the app has stopped and its calls have ended. */
export class AppBooks {
  readonly #settings: Settings
  readonly #callerId: string
  readonly #events: Emitter
  readonly #calls = new Calls()
  readonly #hurry = new AbortController()
  readonly #abandon = new AbortController()
  #opening: Promise<OpenBooks> | undefined
  #opened: OpenBooks | undefined
  #isClosed = false
  #endAt: number | undefined

  constructor(settings: Settings, callerId: string, events: Emitter) {
    this.#settings = settings
    this.#callerId = callerId
    this.#events = events
  }

  /** @throws EscapementError `stopped`, `store-unavailable`, `migration-mismatch`, and what `use` throws. */
  use<T>(use: (books: OpenBooks) => T | Promise<T>): Promise<T> {
    const opened = this.#opened
    if (opened !== undefined && !this.#isClosed) return this.#calls.run(() => use(opened))
    return this.#calls.run(async () => {
      const books = this.#isClosed ? undefined : await this.#open()
      // A stop may have closed them while they were opening.
      if (books === undefined || this.#isClosed) throw stopped('; create another one')
      return use(books)
    })
  }

  /** Gives up books that are still not open, and rejects the calls that wait for them. */
  async giveUpOpening(): Promise<void> {
    if (this.#opened !== undefined || this.#opening === undefined) return
    const opening = this.#opening.catch(() => undefined)
    await waitAtMost(systemClock, OPENING_MS, opening, this.#hurry.signal)
    if (this.#opened !== undefined) return
    this.#isClosed = true
    this.#abandon.abort()
    this.#calls.refuse(stopped(' before its books were open; nothing was written'))
    void opening.then(books => books?.store.close()).catch(() => undefined)
  }

  /** A stop has begun: calls may continue for `graceMs` from now, independent of what else the stop waits for. */
  allow(graceMs: number): void {
    this.#endAt ??= systemClock.monotonic() + graceMs
  }

  /** Refuses new calls, and gives those under way some time. A second call has nothing to wait for. */
  async endCalls(): Promise<void> {
    this.#isClosed = true
    const restMs = (this.#endAt ?? 0) - systemClock.monotonic()
    const patienceMs = Math.min(MAX_CALLS_MS, Math.max(MIN_CALLS_MS, restMs))
    await waitAtMost(systemClock, patienceMs, this.#calls.idle(), this.#hurry.signal)
    this.#calls.refuse(stopped(' while this call was under way; its changes may or may not have been written'))
  }

  /** Closes the store, unless somebody else owns it. Gives up on one that hangs after `patienceMs`. */
  async close(isAnothers: (store: Store) => boolean, patienceMs: number): Promise<void> {
    const store = this.#opened?.store
    if (store !== undefined && !isAnothers(store)) await waitAtMost(systemClock, patienceMs, store.close())
  }

  /** Ends all waits for what is still under way. */
  hurry(): void {
    this.#hurry.abort()
  }

  #open(): Promise<OpenBooks> {
    this.#opening ??= openBooks(this.#settings, this.#callerId, {
      signal: this.#abandon.signal,
      onOlderNodes: watch => this.#events.emit('books.watching', watch)
    }).then(
      books => {
        this.#opened = books
        return books
      },
      (error: unknown) => {
        // The next call tries again.
        this.#opening = undefined
        throw error
      }
    )
    return this.#opening
  }
}

const stopped = (when: string): EscapementError => new EscapementError('stopped', `This Escapement was stopped${when}.`)
