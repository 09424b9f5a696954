import { type ClockReading, type ClockTrust, type ClockVerdict, firstTrust, trustAfter } from '../core/clock-trust.ts'

/** A verdict on a wall clock, and by how much it had jumped. */
export interface ClockFound {
  readonly verdict: ClockVerdict
  readonly jumpMs: number
}

/** What one process believes of one wall clock. */
export class ClockBelief {
  #trust: ClockTrust | undefined
  readonly #listeners: ((found: ClockFound) => void)[] = []

  /** Hears of every verdict that is another than the one before. */
  onFound(listener: (found: ClockFound) => void): void {
    this.#listeners.push(listener)
  }

  get trust(): ClockTrust | undefined {
    return this.#trust
  }

  /** The first look; `isContradicted`: what else is known of the time speaks against it. */
  begin(reading: ClockReading, isContradicted: boolean): void {
    this.#trust = firstTrust(reading, isContradicted)
  }

  look(reading: ClockReading): ClockVerdict {
    if (this.#trust === undefined) {
      this.begin(reading, false)
      return 'agreed'
    }
    const { trust, verdict } = trustAfter(this.#trust, reading)
    this.#trust = trust
    if (verdict !== 'agreed' && verdict !== 'held')
      for (const listener of this.#listeners) listener({ verdict, jumpMs: trust.jumpMs })
    return verdict
  }
}
