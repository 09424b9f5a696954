import { aFunction, aText, judgedLater, oneOf, wholeNumber } from '../../core/options/forms.ts'
import { door } from '../../core/options/options.ts'
import type { Synchronous } from './connection/connection.ts'
import type { StoreClock } from './connection/store-clock.ts'

/**
 * Where the books are in an SQLite file, and how they are kept.
 *
 * @experimental
 */
export interface SqliteStoreOptions {
  /**
   * A path, created if missing; `:memory:` for books that end with the process. It may be the app's own database, which
   * is put into WAL mode: all tables of Escapement begin with `escapement_`.
   *
   * @default 'escapement.db'
   */
  readonly file?: string
  /** Decides what is due. */
  readonly clock: StoreClock
  /**
   * What survives a power cut (rule 20 of ARCHITECTURE.md).
   *
   * @default 'normal'
   */
  readonly synchronous?: Synchronous
  /**
   * A number 0 ≤ x < 1. It spreads the retries of processes that wait for each other.
   *
   * @default Math.random
   */
  readonly random?: () => number
  /**
   * How many milliseconds an operation waits for other processes' lock before it fails with `store-busy`.
   *
   * @default 10_000
   */
  readonly operationTimeoutMs?: number
  /**
   * How often a watched store looks for writes of others, in milliseconds.
   *
   * @default 50
   */
  readonly pollMs?: number
}

export const sqliteDoor = door<SqliteStoreOptions>('options-invalid', {
  file: aText,
  clock: judgedLater,
  synchronous: oneOf('normal', 'full'),
  random: aFunction,
  operationTimeoutMs: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  pollMs: wholeNumber(1, Number.MAX_SAFE_INTEGER)
})
