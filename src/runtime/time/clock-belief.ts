import {
  type ClockReading,
  type ClockTrust,
  type ClockVerdict,
  firstTrust,
  trustAfter
} from '../../core/clock-trust.ts'

/** A verdict on a wall clock, and by how much it jumped. */
export interface ClockFound {
  readonly verdict: ClockVerdict
  readonly jumpMs: number
}

/** What one process believes about one wall clock. */
export class ClockBelief {
  #trust: ClockTrust | undefined
  readonly #listeners: ((found: ClockFound) => void)[] = []

  /** Calls the listener with each new verdict, after the call that found it has returned. */
  onFound(listener: (found: ClockFound) => void): void {
    this.#listeners.push(listener)
  }

  /** Whether the clock shows another time than the believed one. */
  get isHeld(): boolean {
    return this.#trust?.held !== undefined
  }

  /** Starts from the first reading, or from the last one that was in order. */
  begin(reading: ClockReading): void {
    this.#trust = firstTrust(reading)
  }

  look(reading: ClockReading): ClockVerdict {
    if (this.#trust === undefined) {
      this.begin(reading)
      return 'agreed'
    }
    const { trust, verdict } = trustAfter(this.#trust, reading)
    this.#trust = trust
    if (verdict !== 'agreed' && verdict !== 'held')
      for (const listener of this.#listeners) queueMicrotask(() => listener({ verdict, jumpMs: trust.jumpMs }))
    return verdict
  }
}
