import type { Clock } from '../../src/clock/clock.ts'
import type { SeatBackend } from '../../src/coordination/backend.ts'
import { type Deposal, Seat } from '../../src/coordination/seat.ts'
import type { SeatHolder } from '../../src/store/seats.ts'
import type { Store } from '../../src/store/store.ts'

export interface ContenderOptions {
  readonly holder: SeatHolder
  readonly store: Store
  readonly backend: SeatBackend
  readonly clock: Clock
  readonly ttlMs: number
  /** Hears of every election and its end, of all contenders, in the order in which they happened. */
  readonly log: string[]
  /** Ends what the operating system would end with the process. */
  readonly die: () => void
}

/** A process, as far as one seat is concerned: it is stepped by hand. */
export class Contender {
  readonly name: string
  #seat: Seat
  readonly store: Store
  readonly backend: SeatBackend
  readonly #options: ContenderOptions
  readonly #name: string
  #term: number | undefined

  constructor(options: ContenderOptions, seat = 'primary') {
    this.#options = options
    this.name = options.holder.id
    this.store = options.store
    this.backend = options.backend
    this.#name = seat
    this.#seat = this.#stand()
  }

  #stand(): Seat {
    const { log, ttlMs } = this.#options
    const note = (what: string): void => void log.push(`${this.#name}: ${this.name} ${what}`)
    return new Seat({
      ...this.#options,
      seat: this.#name,
      renewEveryMs: ttlMs / 3,
      random: () => 0.5,
      onElected: term => {
        this.#term = term
        note('elected')
      },
      onDeposed: (_term, why: Deposal) => note(why)
    })
  }

  /** The same process before another seat. */
  before(seat: string): Contender {
    return new Contender(this.#options, seat)
  }

  get isHeld(): boolean {
    return this.#seat.isHeld
  }

  /** Of its last election. */
  get term(): number {
    if (this.#term === undefined) throw new Error(`${this.name} was never elected.`)
    return this.#term
  }

  step(): Promise<number> {
    return this.#seat.step()
  }

  /** It may stand again afterwards. */
  async resign(): Promise<void> {
    this.stepDown()
    await this.letGo()
    this.#seat = this.#stand()
  }

  stepDown(): void {
    this.#seat.resign()
  }

  letGo(): Promise<void> {
    return this.#seat.letGo()
  }

  /** Without a word, to whomever: it is never stepped again. */
  die(): void {
    this.#options.log.push(`primary: ${this.name} died`)
    this.#options.die()
  }
}
