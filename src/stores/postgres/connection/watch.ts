import { setTimeout as sleep } from 'node:timers/promises'
import { listenOn } from './line.ts'
import type { LineOptions } from './line.ts'

const FIRST_BACKOFF_MS = 100
const MAX_BACKOFF_MS = 10_000

export interface WatchOptions extends LineOptions {
  /** Wakes with this payload are our own. */
  readonly ownId: string
}

/**
 * Hears of the writes of other stores. Its connection exists only while there are listeners, and is replaced when it is
 * lost. After each gap the listeners are called, since a wake may have been missed.
 */
export class Watch {
  readonly #options: WatchOptions
  readonly #listeners = new Set<() => void>()
  #stop: AbortController | undefined
  #ended: Promise<void> = Promise.resolve()
  #isListening = false

  constructor(options: WatchOptions) {
    this.#options = options
  }

  /** Whether wakes arrive now; otherwise writes of others are found by polling. */
  get isListening(): boolean {
    return this.#isListening
  }

  add(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    if (this.#stop === undefined) this.#begin()
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size === 0) void this.end()
    }
  }

  /** Resolves when its connection is closed. */
  end(): Promise<void> {
    this.#listeners.clear()
    this.#stop?.abort()
    this.#stop = undefined
    return this.#ended
  }

  #begin(): void {
    this.#stop = new AbortController()
    this.#ended = Promise.all([this.#ended, this.#keepListening(this.#stop.signal)]).then(() => undefined)
  }

  async #keepListening(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      await listenOn(this.#options, {
        signal,
        onListening: () => {
          failures = 0
          this.#isListening = true
          this.#callAll()
        },
        onWake: payload => {
          if (payload !== this.#options.ownId) this.#callAll()
        }
      })
      this.#isListening = false
      const longest = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures++)
      // The signal's abort only ends the wait.
      await sleep(longest * (0.5 + Math.random() / 2), undefined, { ref: false, signal }).catch(() => undefined)
    }
  }

  #callAll(): void {
    for (const listener of this.#listeners) listener()
  }
}
