/** How many jobs of a share of the queues run at the same time, over all claimers that work it. */
export class Slots {
  readonly size: number
  #taken = 0
  readonly #listeners: (() => void)[] = []

  constructor(size: number) {
    this.size = size
  }

  get free(): number {
    return this.size - this.#taken
  }

  /** Calls back whenever slots have become free. */
  onFree(listener: () => void): void {
    this.#listeners.push(listener)
  }

  take(count: number): void {
    this.#taken += count
  }

  give(count: number): void {
    this.#taken -= count
    for (const listener of this.#listeners) listener()
  }
}
