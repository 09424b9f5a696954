import { aFunction, aText, judgedLater, oneOf, wholeNumber } from '../../core/options/forms.ts'
import { door } from '../../core/options/options.ts'
import type { OlderNodesWatch } from '../../store/kind.ts'
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
  /**
   * The lease of the nodes, in milliseconds. A migration that excludes earlier releases waits until their nodes have
   * stood still twice as long, and at least 30 s.
   *
   * @default 15_000
   */
  readonly leaseTtlMs?: number | undefined
  /**
   * Called once if a migration waits for nodes of an earlier release that may have died without leaving.
   *
   * @default none
   */
  readonly onOlderNodes?: ((watch: OlderNodesWatch) => void) | undefined
}

export const sqliteDoor = door<SqliteStoreOptions>('options-invalid', {
  file: aText,
  clock: judgedLater,
  synchronous: oneOf('normal', 'full'),
  random: aFunction,
  operationTimeoutMs: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  pollMs: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  leaseTtlMs: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  onOlderNodes: aFunction
})
