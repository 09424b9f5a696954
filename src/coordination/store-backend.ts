import type { Clock } from '../clock/clock.ts'
import { hasExpired, type Read, observe, type Observation } from '../core/lease.ts'
import type { SeatState } from '../store/seats.ts'
import type { Store } from '../store/store.ts'
import type { SeatRight, SeatBackend } from './backend.ts'

/** Short enough that a resigned seat is held again within 250 ms. */
const CONTEND_EVERY_MS = 100
/**
 * A TTL is at least three renewals; the settings ensure it. The books don't say how often a holder renews, so assume
 * this.
 */
const RENEWALS_PER_TTL = 3

export interface StoreBackendOptions {
  readonly store: Store
  readonly clock: Clock
  /** The id under which this process contends. */
  readonly holderId: string
  readonly renewEveryMs: number
}

/**
 * Seats by the books alone. A seat is free if its holder resigned, or if this contender saw its counter stand still for
 * as long as the holder trusts itself (rule 6). No clock is compared with another.
 */
export class StoreBackend implements SeatBackend {
  readonly name = 'store'
  readonly contendEveryMs = CONTEND_EVERY_MS
  readonly beatEveryMs: number
  readonly isLeased = true
  readonly #options: StoreBackendOptions
  readonly #observations = new Map<string, Observation>()

  constructor(options: StoreBackendOptions) {
    this.#options = options
    this.beatEveryMs = options.renewEveryMs
  }

  async prepare(): Promise<void> {}

  async take(seat: string, read: () => Promise<SeatState | undefined>): Promise<SeatRight | undefined> {
    const { store, clock, holderId } = this.#options
    const askedAt = clock.monotonic()
    const seen = await read()
    const answeredAt = clock.monotonic()
    if (seen?.holder !== undefined && !this.#stoodStill(seen, { askedAt, answeredAt })) return undefined
    const held = { seat, term: (seen?.term ?? 0) + 1, holderId }
    return {
      seen,
      term: held.term,
      extend: () => store.renewSeat(held),
      isIntact: () => true,
      // There is only the row in the books, and `Seat` resigns there.
      release: async () => undefined
    }
  }

  async close(): Promise<void> {}

  #stoodStill({ seat, counter, ttlMs }: SeatState, read: Omit<Read, 'counter'>): boolean {
    const observation = observe(this.#observations.get(seat), { ...read, counter }, ttlMs / RENEWALS_PER_TTL)
    this.#observations.set(seat, observation)
    return hasExpired(observation, ttlMs)
  }
}
