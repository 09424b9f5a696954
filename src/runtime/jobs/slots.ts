/** How many jobs of a share of the queues run at the same time, across all claimers that work on it. */
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

  /** Calls the listener whenever slots become free. */
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
