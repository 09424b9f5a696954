import type { Connection } from './connection.ts'
import type { StoreClock } from './store-clock.ts'

/** Changes whenever another connection has committed: https://www.sqlite.org/pragma.html#pragma_data_version */
const DATA_VERSION = 'PRAGMA data_version'

/** Checks at intervals whether others have written; only while there are listeners. */
export class Watch {
  readonly #connection: Connection
  readonly #clock: StoreClock
  readonly #pollMs: number
  readonly #listeners = new Set<() => void>()
  #seen: number | undefined
  #stop: (() => void) | undefined

  constructor(connection: Connection, clock: StoreClock, pollMs: number) {
    this.#connection = connection
    this.#clock = clock
    this.#pollMs = pollMs
  }

  add(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    if (this.#stop === undefined) this.#begin()
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size === 0) this.end()
    }
  }

  end(): void {
    this.#listeners.clear()
    this.#stop?.()
    this.#stop = undefined
  }

  #begin(): void {
    this.#seen = this.#read()
    this.#schedule()
  }

  #schedule(): void {
    this.#stop = this.#clock.after(this.#pollMs, () => this.#look())
  }

  #look(): void {
    const version = this.#read()
    const isNews = version !== undefined && version !== this.#seen
    if (version !== undefined) this.#seen = version
    this.#schedule()
    if (isNews) this.#listeners.forEach(listener => listener())
  }

  /** Undefined when it could not be read: the next check will tell. */
  #read(): number | undefined {
    try {
      return this.#connection.prepare<[number]>(DATA_VERSION).get()?.[0]
    } catch {
      return undefined
    }
  }
}
