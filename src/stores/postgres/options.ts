import type { ConnectionOptions } from 'node:tls'
import type { OlderNodesWatch } from '../../store/kind.ts'
import { aFunction, aText, judgedLater, wholeNumber } from '../../core/options/forms.ts'
import { door } from '../../core/options/options.ts'

/** The parts of an address. Missing parts come from PGHOST and similar variables, or are the driver's defaults. */
export interface PostgresConnection {
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly user?: string
  /** A function is called at each connect: for passwords that expire. */
  readonly password?: string | (() => string | Promise<string>)
  readonly ssl?: boolean | ConnectionOptions
}

/** How to reach the books in a PostgreSQL database. */
export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, with the driver's parameters such as `sslmode`; or its parts. */
  readonly connection: string | PostgresConnection
  /**
   * The schema that holds the books: lower-case letters, digits and `_`, at most 48 characters.
   *
   * @default 'escapement'
   */
  readonly schema?: string
  /**
   * The most connections of the pool, at least 3 (a lower value counts as 3). One more is used for LISTEN.
   *
   * @default 5
   */
  readonly poolSize?: number
  /**
   * How many milliseconds a query may take before it fails, including its wait for a connection. Keep it below the
   * lease.
   *
   * @default 10_000
   */
  readonly operationTimeoutMs?: number
  /**
   * An address that bypasses the pooler, used only for LISTEN. Without it, a store behind a pooler finds writes of
   * others by polling.
   *
   * @default the connection itself
   */
  readonly listenUrl?: string
  /**
   * Claims of this many jobs or more are written as one row, which is faster for large claims. More than 1,000 turns it
   * off.
   *
   * @default 16
   */
  readonly packFrom?: number
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
  /**
   * Aborting it while the store is being opened cancels the opening.
   *
   * @default none
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Decides what is due: for tests, which move it by hand.
   *
   * @default the database's clock
   */
  readonly clock?: { now(): number }
}

export const postgresDoor = door<PostgresStoreOptions>('options-invalid', {
  connection: judgedLater,
  schema: aText,
  poolSize: wholeNumber(1, 10_000),
  operationTimeoutMs: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  listenUrl: aText,
  packFrom: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  leaseTtlMs: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  onOlderNodes: aFunction,
  signal: judgedLater,
  clock: judgedLater
})

/** Errors repeat only the names of these parts, never their values: the driver checks the values. */
export const connectionDoor = door<PostgresConnection>('config-invalid', {
  host: judgedLater,
  port: judgedLater,
  database: judgedLater,
  user: judgedLater,
  password: judgedLater,
  ssl: judgedLater
})
