import { type SeatView, viewOfSeat } from '../views.ts'
import type { Caller } from './caller.ts'

/**
 * `escapement.seats`.
 *
 * @example
 * ```ts
 * const primary = (await app.seats.list()).find(({ seat }) => seat === 'primary')
 * ```
 */
export class SeatCalls {
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
  }

  /** Every seat that was ever held: its holder, since when, and its term. */
  async list(): Promise<readonly SeatView[]> {
    const seats = await this.#caller.use(({ store }) => store.listSeats())
    return seats.map(viewOfSeat)
  }
}
