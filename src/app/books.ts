import { systemClock } from '../clock/system.ts'
import { EscapementError } from '../core/errors.ts'
import { type OpenBooks, openBooks } from './open-books.ts'
import { Calls } from '../runtime/calls.ts'
import { waitAtMost } from '../runtime/patience.ts'
import type { Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'

/** Books that open take milliseconds; who stops meanwhile does not wait for those that don't. */
const OPENING_MS = 1_000
/** For calls that were made before, however short the grace; and however long it is. */
const MIN_CALLS_MS = 1_000
const MAX_CALLS_MS = 5_000

/** An app's way to its books: opened by the first call, closed when the app is stopped and its calls are answered. */
export class AppBooks {
  readonly #settings: Settings
  readonly #callerId: string
  readonly #calls = new Calls()
  readonly #hurry = new AbortController()
  readonly #abandon = new AbortController()
  #opening: Promise<OpenBooks> | undefined
  #opened: OpenBooks | undefined
  #isClosed = false
  #endAt: number | undefined

  constructor(settings: Settings, callerId: string) {
    this.#settings = settings
    this.#callerId = callerId
  }

  /** @throws EscapementError `stopped`, `store-unavailable`, `migration-mismatch`, and what the use throws. */
  use<T>(use: (books: OpenBooks) => T | Promise<T>): Promise<T> {
    return this.#calls.run(async () => {
      const books = this.#isClosed ? undefined : (this.#opened ?? (await this.#open()))
      // It may have been closed while they were opened.
      if (books === undefined || this.#isClosed) throw stopped('; create another one')
      return use(books)
    })
  }

  /** Books that are still not open are given up, and whoever waits for them is refused. */
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

  /** A stop has begun: until so much later calls may go on, whatever else it waits for. */
  allow(graceMs: number): void {
    this.#endAt ??= systemClock.monotonic() + graceMs
  }

  /** Takes no more calls, and gives those that are under way some time. A second call has nothing to wait for. */
  async endCalls(): Promise<void> {
    this.#isClosed = true
    const restMs = (this.#endAt ?? 0) - systemClock.monotonic()
    const patienceMs = Math.min(MAX_CALLS_MS, Math.max(MIN_CALLS_MS, restMs))
    await waitAtMost(systemClock, patienceMs, this.#calls.idle(), this.#hurry.signal)
    this.#calls.refuse(stopped(' while this call was under way; what it was to write may be written or not'))
  }

  /** Closes the store, unless that is another's affair. One that hangs is left after so long. */
  async close(isAnothers: (store: Store) => boolean, patienceMs: number): Promise<void> {
    const store = this.#opened?.store
    if (store !== undefined && !isAnothers(store)) await waitAtMost(systemClock, patienceMs, store.close())
  }

  /** Nothing that goes on is waited for any longer. */
  hurry(): void {
    this.#hurry.abort()
  }

  #open(): Promise<OpenBooks> {
    this.#opening ??= openBooks(this.#settings, this.#callerId, this.#abandon.signal).then(
      books => {
        this.#opened = books
        return books
      },
      (error: unknown) => {
        // Books that are away now may be there for the next call.
        this.#opening = undefined
        throw error
      }
    )
    return this.#opening
  }
}

const stopped = (when: string): EscapementError => new EscapementError('stopped', `This Escapement was stopped${when}.`)
