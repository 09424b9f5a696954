import { batchLength, type BatchLimits } from './batch-limits.ts'

interface Waiting<Item, Answer> {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Lets concurrent calls share one call of the store: those of one turn of the loop, and those that come while the
 * call before is under way. Adds no timer.
 */
export class Batcher<Item, Answer> {
  readonly #call: (items: Item[]) => Promise<readonly Answer[]>
  readonly #limits: BatchLimits<Waiting<Item, Answer>>
  #waiting: Waiting<Item, Answer>[] = []
  #busy: Promise<void> | undefined

  constructor(call: (items: Item[]) => Promise<readonly Answer[]>, { sizeOf, ...limits }: BatchLimits<Item>) {
    this.#call = call
    this.#limits = { ...limits, sizeOf: ({ item }) => sizeOf(item) }
  }

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      this.#busy ??= this.#drain()
    })
  }

  /** Resolves when everything that was added has been answered. */
  async idle(): Promise<void> {
    await this.#busy
  }

  async #drain(): Promise<void> {
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchLength(this.#waiting, this.#limits))
      try {
        const answers = await this.#call(batch.map(waiting => waiting.item))
        batch.forEach((waiting, index) => waiting.resolve(answers[index] as Answer))
      } catch (error) {
        for (const waiting of batch) waiting.reject(error)
      }
    }
    this.#busy = undefined
  }
}
