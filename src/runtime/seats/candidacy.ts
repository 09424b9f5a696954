import { errorOf } from '../../core/job/thrown.ts'
import type { SeatBackend } from '../../coordination/backend.ts'
import { type Deposal, Seat } from '../../coordination/seat.ts'
import type { SeatHolder } from '../../store/seats.ts'
import type { Store } from '../../store/store.ts'
import type { Emitter } from '../events/emitter.ts'
import { Loop } from '../loop.ts'
import { waitAtMost } from '../patience.ts'
import { type SeatListener, type Tenure, tenureOf, type TenureOptions } from './tenure.ts'

export interface CandidacyOptions extends TenureOptions {
  readonly seat: string
  readonly holder: SeatHolder
  readonly events: Emitter
  readonly random: () => number
  readonly ttlMs: number
  readonly renewEveryMs: number
  /** How long callbacks may take before the seat is given up anyway. */
  readonly patienceMs: number
}

/** A holder has less than a TTL to renew, and a seat stays vacant while nobody tries. */
const MAX_BACKOFF_MS = 1_000
/** For a contender whose server is away, perhaps for long: it tries less and less often. */
const MAX_BACKOFF_FROM_AFAR_MS = 10_000

/** One process's candidacy for one seat: its listeners here, and the loop that contends, renews and checks. */
export class Candidacy {
  readonly #options: CandidacyOptions
  readonly #listeners = new Set<SeatListener>()
  /** Callbacks that have not ended. */
  readonly #working = new Set<Promise<void>>()
  #seat: Seat | undefined
  #loop: Loop | undefined
  #elected: { readonly tenure: Tenure; readonly abort: AbortController } | undefined

  constructor(options: CandidacyOptions) {
    this.#options = options
  }

  get isHeld(): boolean {
    return this.#seat?.isHeld ?? false
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0
  }

  /** A listener that is added while the seat is held is called at once. */
  add(listener: SeatListener): void {
    this.#listeners.add(listener)
    if (this.#elected !== undefined && this.isHeld) this.#call(listener, 'onElected', this.#elected.tenure)
  }

  remove(listener: SeatListener): void {
    this.#listeners.delete(listener)
  }

  start(store: Store, backend: SeatBackend): void {
    if (this.#loop !== undefined) return
    const { seat: name, holder, clock, events, random, ttlMs, renewEveryMs } = this.#options
    const seat = new Seat({
      seat: name,
      holder,
      backend,
      store,
      clock,
      ttlMs,
      renewEveryMs,
      random,
      onElected: term => this.#onElected(store, term),
      onDeposed: (term, why) => this.#onDeposed(term, why)
    })
    this.#seat = seat
    const step = (): Promise<number> => seat.step()
    const longestBackoffMs = (): number =>
      backend.name === 'redis' && !seat.isHeld ? MAX_BACKOFF_FROM_AFAR_MS : MAX_BACKOFF_MS
    this.#loop = new Loop({ name: `seat ${name}`, clock, events, random, step, longestBackoffMs })
    this.#loop.start()
  }

  /**
   * Gives up the seat, if it is held, and stands for it no longer. By then the callbacks have ended or had their time.
   */
  async stop(): Promise<void> {
    const { clock, patienceMs } = this.#options
    const seat = this.#seat
    if (seat === undefined) return
    seat.resign()
    // A step that hangs in the back end is abandoned.
    await waitAtMost(clock, patienceMs, this.#loop?.stop() ?? Promise.resolve())
    await waitAtMost(clock, patienceMs, Promise.all(this.#working))
    // If this fails, the seat expires.
    const letGo = seat.letGo().catch(() => undefined)
    await waitAtMost(clock, patienceMs, letGo)
    this.#seat = undefined
    this.#loop = undefined
  }

  #onElected(store: Store, term: number): void {
    const { seat, holder, events, clock, newId, taskOf } = this.#options
    const abort = new AbortController()
    const tenure = tenureOf({ seat, term }, abort.signal, { store, clock, newId, taskOf })
    this.#elected = { tenure, abort }
    events.emit('seat.elected', { seat, term, host: holder.host, pid: holder.pid })
    for (const listener of this.#listeners) this.#call(listener, 'onElected', tenure)
  }

  #onDeposed(term: number, why: Deposal): void {
    const { seat, events } = this.#options
    const elected = this.#elected
    this.#elected = undefined
    elected?.abort.abort()
    events.emit('seat.deposed', { seat, term, why })
    if (elected !== undefined)
      for (const listener of this.#listeners) this.#call(listener, 'onDeposed', elected.tenure, why)
    this.#loop?.wake()
  }

  #call(listener: SeatListener, callback: keyof SeatListener, ...[tenure, why]: [Tenure, Deposal?]): void {
    const { events } = this.#options
    const working = (async () => listener[callback]?.(tenure, why as Deposal))()
      .then(
        () => undefined,
        (cause: unknown) => {
          const error = errorOf(cause)
          events.emit('seat.callback-failed', { seat: tenure.seat, term: tenure.term, callback, error })
        }
      )
      .finally(() => this.#working.delete(working))
    this.#working.add(working)
  }
}
