import type { Clock } from '../clock/clock.ts'
import { isEscapementError } from '../core/errors.ts'
import type { SeatState } from '../store/seats.ts'
import type { SeatRight, SeatBackend } from './backend.ts'
import { RedisConnection } from './redis-connection.ts'
import { EXTEND, RELEASE, TAKE } from './redis-scripts.ts'

/** Short enough that a resigned seat is held again within 250 ms. */
const CONTEND_EVERY_MS = 100
/**
 * A response is awaited for one renewal interval, which leaves time for another try, but always within these limits.
 */
const MIN_PATIENCE_MS = 1_000
const MAX_PATIENCE_MS = 2_000

export interface RedisBackendOptions {
  readonly clock: Clock
  readonly url: string
  readonly allowEviction: boolean
  /** The id of the books: other books on the same server have their own seats. */
  readonly booksId: string
  readonly holderId: string
  readonly ttlMs: number
  readonly renewEveryMs: number
}

/**
 * Seats by locks in Redis, which expire by the server's clock unless they are extended. Uses one server, or one primary
 * of several.
 */
export class RedisBackend implements SeatBackend {
  readonly name = 'redis'
  readonly contendEveryMs = CONTEND_EVERY_MS
  readonly beatEveryMs: number
  readonly isLeased = true
  readonly #options: RedisBackendOptions
  readonly #connection: RedisConnection

  constructor(options: RedisBackendOptions) {
    const patienceMs = Math.min(MAX_PATIENCE_MS, Math.max(MIN_PATIENCE_MS, options.renewEveryMs))
    this.#options = options
    const { url, allowEviction, clock } = options
    this.#connection = new RedisConnection({ url, allowEviction, clock, patienceMs })
    this.beatEveryMs = options.renewEveryMs
  }

  /**
   * A server that is down may be up in a moment, and is no error. Throws only if the server must not be used, or if the
   * package is missing.
   */
  async prepare(): Promise<void> {
    try {
      await this.#connection.run(async () => undefined)
    } catch (error) {
      if (isEscapementError(error) && error.code !== 'seat-unavailable') throw error
    }
  }

  async take(seat: string, read: () => Promise<SeatState | undefined>): Promise<SeatRight | undefined> {
    const { holderId, ttlMs } = this.#options
    const keys = this.#keys(seat)
    const value = await this.#connection.run(client => client.get(keys[0]))
    if (value !== null && !value.startsWith(`${holderId}:`)) return undefined
    const seen = await read()
    const waitMs = seen?.holder === undefined ? 0 : seen.ttlMs
    const term = await this.#run(TAKE, keys, [holderId, ttlMs, seen?.term ?? 0, waitMs])
    return term === 0 ? undefined : this.#rightOf(keys, term, seen)
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  #rightOf(keys: readonly [string, string], term: number, seen: SeatState | undefined): SeatRight {
    const { holderId, ttlMs } = this.#options
    const value = `${holderId}:${term}`
    return {
      seen,
      term,
      extend: async () => (await this.#run(EXTEND, keys, [value, ttlMs])) === 1,
      isIntact: () => true,
      release: async () => void (await this.#run(RELEASE, keys, [value]))
    }
  }

  async #run(script: string, keys: readonly string[], values: readonly (string | number)[]): Promise<number> {
    const options = { keys: [...keys], arguments: values.map(String) }
    return Number(await this.#connection.run(client => client.eval(script, options)))
  }

  /** The keys of the lock and of the last term, in one slot of a cluster. */
  #keys(seat: string): readonly [string, string] {
    const books = `escapement:{${this.#options.booksId}}`
    return [`${books}:seat:${seat}`, `${books}:term:${seat}`]
  }
}
