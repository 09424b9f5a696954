import { randomFrom } from '../core/trigger/seed.ts'

/** All that is left to chance in a simulated month, drawn from its seed. */
export class Chance {
  readonly #random: ReturnType<typeof randomFrom>

  constructor(seed: number) {
    this.#random = randomFrom(seed)
  }

  /** In 0..limit-1. */
  below(limit: number): number {
    return this.#random.below(limit)
  }

  between(least: number, most: number): number {
    return least + this.#random.below(most - least + 1)
  }

  /** True in `percent` of 100 cases. */
  in100(percent: number): boolean {
    return this.#random.below(100) < percent
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.#random.below(choices.length)] as T
  }

  /** In [0, 1). */
  fraction = (): number => this.#random.below(2 ** 31) / 2 ** 31
}
