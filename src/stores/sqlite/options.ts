import { aFunction, aText, judgedLater, oneOf, wholeNumber } from '../../core/options/forms.ts'
import { door } from '../../core/options/options.ts'
import type { Synchronous } from './connection/connection.ts'
import type { StoreClock } from './connection/store-clock.ts'

export interface SqliteStoreOptions {
  /**
   * A path, made if there is none; `:memory:` for books that end with the process. By default `escapement.db`. It may be
   * the app's own database, which is put into WAL mode: all tables of Escapement begin with `escapement_`.
   */
  readonly file?: string
  readonly clock: StoreClock
  /** What survives a power cut (rule 20 of ARCHITECTURE.md). By default `normal`. */
  readonly synchronous?: Synchronous
  /** 0 ≤ x < 1: spreads the retries of processes that wait for one another. By default `Math.random`. */
  readonly random?: () => number
  /** How long an operation waits for the lock of other processes before it fails as `store-busy`. By default 10,000. */
  readonly operationTimeoutMs?: number
  /** How often a watched store looks for the writes of others. By default 50. */
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
