import type { Clock } from '../clock/clock.ts'
import type { SeatHolder, SeatState } from '../store/seats.ts'
import type { Store } from '../store/store.ts'
import type { SeatRight, SeatBackend } from './backend.ts'

/**
 * `resigned`: given up in order. `expired`: not renewed in time. `taken`: another process holds it, or its lock is
 * gone.
 */
export type Deposal = 'resigned' | 'expired' | 'taken'

export interface SeatOptions {
  readonly seat: string
  readonly holder: SeatHolder
  readonly backend: SeatBackend
  readonly store: Store
  readonly clock: Clock
  readonly ttlMs: number
  readonly renewEveryMs: number
  /** In [0, 1): spreads the tries of contenders. */
  readonly random: () => number
  /** Neither callback may throw. */
  readonly onElected: (term: number) => void
  readonly onDeposed: (term: number, why: Deposal) => void
}

interface Held {
  readonly right: SeatRight
  renewAt: number
  /** Not trusted from here on: a tenth of the TTL before others can have the seat. */
  trustedUntil: number
}

const TRUSTED_SHARE = 0.9

/**
 * One process and one seat: contends for it, holds it under a term, and knows by its own monotonic clock when it can no
 * longer be sure of it. Trust starts at the beginning of the last successful renewal (rule 6).
 */
export class Seat {
  readonly #options: SeatOptions
  #held: Held | undefined
  /** Lost, but not yet given back to the back end. */
  readonly #lost: SeatRight[] = []
  #disarm: (() => void) | undefined
  #hasResigned = false

  constructor(options: SeatOptions) {
    this.#options = options
  }

  /** Exact at this instant, even in a process that was frozen and whose timers have not fired yet. */
  get isHeld(): boolean {
    return this.#held !== undefined && this.#isTrusted(this.#held)
  }

  /** Tries, checks or renews once. Resolves with the milliseconds until the next step. */
  async step(): Promise<number> {
    await this.letGo()
    return this.#held === undefined ? this.#contend() : this.#keep(this.#held)
  }

  /** Final: a step under way no longer becomes an election. `letGo` then frees the seat for others. */
  resign(): void {
    this.#hasResigned = true
    this.#stepDown('resigned')
  }

  #stepDown(why: Deposal): void {
    const held = this.#held
    if (held === undefined) return
    this.#disarm?.()
    this.#held = undefined
    this.#lost.push(held.right)
    this.#options.onDeposed(held.right.term, why)
  }

  /** Gives back rights that are no longer held. The next call retries what failed. */
  async letGo(): Promise<void> {
    const { store, seat, holder } = this.#options
    for (let right = this.#lost[0]; right !== undefined; right = this.#lost[0]) {
      await Promise.all([right.release(), store.resignSeat({ seat, term: right.term, holderId: holder.id })])
      this.#lost.shift()
    }
  }

  async #contend(): Promise<number> {
    const { backend, clock, random } = this.#options
    if (this.#hasResigned) return backend.contendEveryMs
    const startedAt = clock.monotonic()
    const right = await backend.take(this.#options.seat, () => this.#read())
    if (right !== undefined && (await this.#beginTerm(right))) return this.#elected(right, startedAt)
    return backend.contendEveryMs * (0.8 + 0.2 * random())
  }

  /** The term begins with its row in the books. The first to write it keeps it. */
  async #beginTerm(right: SeatRight): Promise<boolean> {
    const { seat, store, holder, ttlMs } = this.#options
    const { term, seen } = right
    try {
      const isTaken = await store.takeSeat({ seat, term, holder, ttlMs, seen })
      if (!isTaken) await right.release()
      return isTaken
    } catch (error) {
      this.#lost.push(right)
      throw error
    }
  }

  #elected(right: SeatRight, startedAt: number): number {
    const { backend, onElected } = this.#options
    const held: Held = { right, renewAt: 0, trustedUntil: Number.POSITIVE_INFINITY }
    this.#extend(held, startedAt)
    if (this.#hasResigned || !this.#isTrusted(held)) {
      this.#disarm?.()
      this.#lost.push(right)
      return 0
    }
    this.#held = held
    onElected(right.term)
    return backend.beatEveryMs
  }

  async #keep(held: Held): Promise<number> {
    const { backend, clock } = this.#options
    if (!held.right.isIntact()) this.#stepDown('taken')
    else if (!this.#isTrusted(held)) this.#stepDown('expired')
    else if (clock.monotonic() >= held.renewAt) await this.#renew(held)
    if (this.#held === undefined) return 0
    return Math.min(backend.beatEveryMs, Math.max(0, this.#held.renewAt - clock.monotonic()))
  }

  /** A renewal that throws changes nothing: the deadline stays, and the next try comes soon. */
  async #renew(held: Held): Promise<void> {
    const startedAt = this.#options.clock.monotonic()
    const isOurs = await held.right.extend()
    if (this.#held !== held) return
    if (!isOurs) return this.#stepDown('taken')
    this.#extend(held, startedAt)
    if (this.#options.backend.name !== 'store') void this.#confirm(held)
  }

  /**
   * A lock outside the books can be forgotten or replaced, and then be given to a second process. The first one learns
   * it from the next term in the books. If the books can't be read, the lock alone counts.
   */
  async #confirm(held: Held): Promise<void> {
    const { seat, store, holder } = this.#options
    const isCurrent = await store.renewSeat({ seat, term: held.right.term, holderId: holder.id }).catch(() => true)
    if (!isCurrent && this.#held === held) this.#stepDown('taken')
  }

  #extend(held: Held, startedAt: number): void {
    const { backend, clock, ttlMs, renewEveryMs } = this.#options
    held.renewAt = startedAt + renewEveryMs
    if (!backend.isLeased) return
    held.trustedUntil = startedAt + ttlMs * TRUSTED_SHARE
    this.#disarm?.()
    this.#disarm = clock.after(Math.max(0, held.trustedUntil - clock.monotonic()), () => this.#stepDown('expired'))
  }

  #isTrusted({ right, trustedUntil }: Held): boolean {
    return this.#options.clock.monotonic() < trustedUntil && right.isIntact()
  }

  /** If the books still name this process as the holder, nobody holds the seat: this process no longer does. */
  async #read(): Promise<SeatState | undefined> {
    const { store, seat, holder } = this.#options
    const state = (await store.listSeats()).find(each => each.seat === seat)
    return state?.holder?.id === holder.id ? { ...state, holder: undefined } : state
  }
}
