import type { Clock } from '../../clock/clock.ts'

/** Shorter parts are not counted, and shorter silences prove nothing. */
const MIN_HELD_MS = 1
const MIN_SILENCE_MS = 100

/** How long tasks held the event loop, by their names. */
export type LoopTimes = ReadonlyMap<string, number>

/**
 * Measures which tasks hold the event loop, so that the right one is named when it was blocked. A handler's part before
 * its first `await` is measured. Of the rest only the end is seen: the first handler to come back after a long silence
 * probably caused it.
 */
export class LoopUse {
  readonly #clock: Clock
  #enteredAt = 0
  #seenAt: number
  #held = new Map<string, number>()
  #probable = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
    this.#seenAt = clock.monotonic()
  }

  /** A handler is called. */
  enter(): void {
    this.#enteredAt = this.#clock.monotonic()
  }

  /** The handler has given the event loop back, for the first time or for good. */
  leave(task: string): void {
    this.#seenAt = this.#clock.monotonic()
    const ms = this.#seenAt - this.#enteredAt
    if (ms >= MIN_HELD_MS) add(this.#held, task, ms)
  }

  /** The promise of a handler has settled. */
  comeBack(task: string): void {
    const now = this.#clock.monotonic()
    const ms = now - this.#seenAt
    if (ms >= MIN_SILENCE_MS) add(this.#probable, task, ms)
    this.#seenAt = now
  }

  /** Returns what was seen since the last call. */
  look(): { readonly held: LoopTimes; readonly probable: LoopTimes } {
    const seen = { held: this.#held, probable: this.#probable }
    this.#held = new Map()
    this.#probable = new Map()
    this.#seenAt = this.#clock.monotonic()
    return seen
  }
}

const add = (times: Map<string, number>, task: string, ms: number): void =>
  void times.set(task, (times.get(task) ?? 0) + ms)
