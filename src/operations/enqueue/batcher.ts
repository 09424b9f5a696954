import type { Clock } from '../../clock/clock.ts'
import { isEscapementError } from '../../core/errors.ts'
import type { Held } from '../../store/sparing.ts'
import { batchLength, type BatchLimits } from './batch-limits.ts'
import { isOfOneItem } from './of-one-item.ts'

/** How long an item that others hold is retried: a little less than a store takes to give up by itself. */
const PATIENCE_MS = 9_000
const FIRST_PAUSE_MS = 50
const MAX_PAUSE_MS = 500

interface Waiting<Item, Answer> {
  readonly item: Item
  readonly since: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** For unrelated callers: a problem with one item must not affect the others. */
export interface Apart<Item> {
  readonly clock: Clock
  /** The error for an item that others have held for too long. */
  readonly heldError: (item: Item) => Error
}

/**
 * Lets concurrent calls share one call of the store: those of one turn of the event loop, and those that come while the
 * previous call is under way. Adds no timer.
 *
 * With `apart`, a batch that fails is halved until only the faulty items fail. Items that others hold are retried for a
 * while, alongside later batches.
 */
export class Batcher<Item, Answer extends object | number> {
  readonly #call: (items: Item[]) => Promise<readonly (Answer | Held)[]>
  readonly #limits: BatchLimits<Waiting<Item, Answer>>
  readonly #apart: Apart<Item> | undefined
  #waiting: Waiting<Item, Answer>[] = []
  #busy: Promise<void> | undefined
  #held: Waiting<Item, Answer>[] = []
  #retrying: Promise<void> | undefined

  constructor(
    call: (items: Item[]) => Promise<readonly (Answer | Held)[]>,
    { sizeOf, ...limits }: BatchLimits<Item>,
    apart?: Apart<Item>
  ) {
    this.#call = call
    this.#limits = { ...limits, sizeOf: ({ item }) => sizeOf(item) }
    this.#apart = apart
  }

  add(item: Item): Promise<Answer> {
    const since = this.#apart?.clock.monotonic() ?? 0
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, since, resolve, reject })
      this.#busy ??= this.#drain()
    })
  }

  /** Resolves once every added item has its result. */
  async idle(): Promise<void> {
    while (this.#busy !== undefined || this.#retrying !== undefined) await Promise.all([this.#busy, this.#retrying])
  }

  async #drain(): Promise<void> {
    await Promise.resolve()
    while (this.#waiting.length > 0) await this.#send(this.#waiting.splice(0, batchLength(this.#waiting, this.#limits)))
    this.#busy = undefined
  }

  /** Settles every item, or sets it aside. Never throws. */
  async #send(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    const pieces = [batch]
    for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
      try {
        const answers = await this.#call(piece.map(({ item }) => item))
        piece.forEach((waiting, index) => this.#answered(waiting, answers[index]!))
      } catch (error) {
        const again = this.#apart === undefined || !isOfOneItem(error) ? [] : this.#notOverdue(piece, error)
        const isHalved = piece.length > 1 && again.length > 0
        const refused = isHalved ? piece.filter(waiting => !again.includes(waiting)) : piece
        for (const { reject } of refused) reject(error)
        if (isHalved) pieces.unshift(...halvesOf(again))
        // If the books can't be used, the others would wait in vain.
        else if (!isOfOneItem(error)) for (const { reject } of pieces.splice(0).flat()) reject(error)
      }
    }
  }

  #answered(waiting: Waiting<Item, Answer>, answer: Answer | Held): void {
    if (answer !== 'held') return waiting.resolve(answer)
    const { clock, heldError } = this.#apart!
    if (clock.monotonic() - waiting.since >= PATIENCE_MS) return waiting.reject(heldError(waiting.item))
    this.#held.push(waiting)
    this.#retrying ??= this.#retry()
  }

  /** If the whole store is busy, items that have waited long enough are not tried again. */
  #notOverdue(piece: readonly Waiting<Item, Answer>[], error: unknown): readonly Waiting<Item, Answer>[] {
    if (!isEscapementError(error, 'store-busy')) return piece
    const now = this.#apart!.clock.monotonic()
    return piece.filter(({ since }) => now - since < PATIENCE_MS)
  }

  async #retry(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; this.#held.length > 0; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      await this.#apart!.clock.sleep(pauseMs)
      // A store that gave up after a time did not reach the last items, so they come first now.
      const again = this.#held.splice(0).reverse()
      while (again.length > 0) await this.#send(again.splice(0, batchLength(again, this.#limits)))
    }
    this.#retrying = undefined
  }
}

function halvesOf<T>(items: readonly T[]): readonly T[][] {
  const middle = items.length >> 1
  return [items.slice(0, middle), items.slice(middle)].filter(half => half.length > 0)
}
