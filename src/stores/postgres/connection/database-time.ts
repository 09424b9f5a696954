import type { Database, Statement } from '../sql.ts'

/** Two clocks that run at rates a thousandth apart drift by 10 ms in this time. */
const REFRESH_MS = 10_000
/** A longer round trip says too little about the time: this process or the database was frozen meanwhile. */
const ROUND_TRIP_MS = 500
const TRIES = 3
const NOW: Statement = { name: 'now', text: 'SELECT {books}.now_ms()' }

interface Measurement {
  /**
   * When the query was sent and when its result arrived, on our monotonic clock. The database read its clock in
   * between.
   */
  readonly askedAt: number
  readonly takenAt: number
  readonly databaseAt: number
  /** The database's clock minus this host's; each way is assumed to take half of the round trip. */
  readonly skewMs: number
}

/**
 * The database's clock, computed from a measurement of the last 10 seconds. `now` is never ahead, and behind by at most
 * a round trip.
 */
export class DatabaseTime {
  readonly #database: Database
  #last: Measurement | undefined
  #measuring: Promise<Measurement> | undefined

  constructor(database: Database) {
    this.#database = database
  }

  async now(): Promise<number> {
    const { databaseAt, takenAt } = await this.#recent()
    return databaseAt + Math.floor(performance.now() - takenAt)
  }

  /** Never behind, and ahead by at most a round trip. Adds the fraction of a millisecond that the database cut off. */
  async nowAtLatest(): Promise<number> {
    const { databaseAt, askedAt } = await this.#recent()
    return databaseAt + 1 + Math.ceil(performance.now() - askedAt)
  }

  async skewMs(): Promise<number> {
    return (await this.#recent()).skewMs
  }

  async #recent(): Promise<Measurement> {
    const last = this.#last
    if (last !== undefined && performance.now() - last.takenAt < REFRESH_MS) return last
    this.#measuring ??= this.#measure().finally(() => (this.#measuring = undefined))
    return this.#measuring
  }

  async #measure(): Promise<Measurement> {
    for (let tried = 1; tried < TRIES; tried++) {
      const measured = await this.#ask()
      if (measured.takenAt - measured.askedAt <= ROUND_TRIP_MS) return (this.#last = measured)
    }
    return (this.#last = await this.#ask())
  }

  async #ask(): Promise<Measurement> {
    const askedAt = performance.now()
    const [row] = await this.#database.query<[number]>(NOW)
    const takenAt = performance.now()
    const skewMs = Math.round(row![0] - Date.now() + (takenAt - askedAt) / 2)
    return { askedAt, takenAt, databaseAt: row![0], skewMs }
  }
}
