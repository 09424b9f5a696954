import type { Clock } from '../../clock/clock.ts'
import type { Store } from '../../store/store.ts'
import { ClockBelief } from '../time/clock-belief.ts'
import type { ClockJump } from './pass-memory.ts'

/** What this process has seen of jumps of the store's clock. A process that only serves looks at no clock otherwise. */
export class ClockWatch {
  readonly #store: Store
  readonly #clock: Clock
  readonly #belief = new ClockBelief()
  /** Undefined: it never jumped. The instant is that from which it was believed again. */
  jump: ClockJump | undefined

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
    this.#belief.onFound(({ verdict, jumpMs }) => {
      if (verdict !== 'jumped') this.jump = { byMs: jumpMs, at: this.#lastAt }
    })
  }

  #lastAt = 0

  /** Whether the time of the store may be acted on. */
  async isBelieved(): Promise<boolean> {
    const askedAt = this.#clock.monotonic()
    this.#lastAt = await this.#store.now()
    this.#belief.look({ at: this.#lastAt, askedAt, answeredAt: this.#clock.monotonic() })
    return !this.#belief.isHeld
  }
}
