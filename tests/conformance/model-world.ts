import * as fc from 'fast-check'

import type { Store } from '../../src/store/store.ts'
import type { ManualClock } from '../../src/testing/manual-clock.ts'
import { expectSameBooks } from './model-books.ts'
import type { Model } from './model-state.ts'

export const SCHEDULE = 'minute-report'
/** Three processes; each has a new identity after every crash. */
export const SLOTS = [0, 1, 2] as const
export const identityOf = (slot: number, generation: number): string => `node-${slot}-${generation}`

/** The store under test, from both sides. */
export interface World {
  readonly clock: ManualClock
  readonly stores: readonly [Store, Store]
  /** How often each process has crashed. */
  readonly generations: number[]
}

export type Step = (model: Model, world: World, store: Store) => Promise<void>

/** One step of a history: done on either connection, and followed by a look at all the books. */
export class Command implements fc.AsyncCommand<Model, World> {
  readonly #title: string
  readonly #side: 0 | 1
  readonly #step: Step

  constructor(title: string, side: 0 | 1, step: Step) {
    this.#title = title
    this.#side = side
    this.#step = step
  }

  check(): boolean {
    return true
  }

  async run(model: Model, world: World): Promise<void> {
    await this.#step(model, world, world.stores[this.#side])
    await expectSameBooks(model, world.stores[1 - this.#side]!)
  }

  toString(): string {
    return this.#title
  }
}

const side = fc.constantFrom<0 | 1>(0, 1)

/** A step with details of its own, on either connection. */
export function command<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  stepOf: (details: T) => Step
): fc.Arbitrary<Command> {
  return fc
    .tuple(arbitrary, side)
    .map(([details, at]) => new Command(`${name}(${JSON.stringify(details)}) on ${at}`, at, stepOf(details)))
}
