import type { ConnectionOptions } from 'node:tls'
import { aText, judgedLater, wholeNumber } from '../../core/options/forms.ts'
import { door } from '../../core/options/options.ts'

/** The parts of an address. What is left out is said by PGHOST and its like, or is the driver's default. */
export interface PostgresConnection {
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly user?: string
  /** A function is asked at each connect: for passwords that expire. */
  readonly password?: string | (() => string | Promise<string>)
  readonly ssl?: boolean | ConnectionOptions
}

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, with the driver's parameters such as `sslmode`; or its parts. */
  readonly connection: string | PostgresConnection
  /** Where the books are kept: small letters, digits and `_`, at most 48. By default `escapement`. */
  readonly schema?: string
  /** Connections at the most; fewer than 3 are taken for 3, and one more is for LISTEN. By default 5. */
  readonly poolSize?: number
  /** How long a query, with its wait for a connection, may take before it fails. By default 10,000; keep it below the lease. */
  readonly operationTimeoutMs?: number
  /** An address past the pooler, for LISTEN alone. Without one a store behind a pooler hears of others' writes by polling only. */
  readonly listenUrl?: string
  /** Claims of so many jobs or more are written as one row, which is the quicker the more they are. By default 16; with more than 1,000 none are. */
  readonly packFrom?: number
  /** Aborted while the store is being opened, it gives that up. */
  readonly signal?: AbortSignal | undefined
  /** Decides what is due, in place of the database's clock: for tests, which move it by hand. */
  readonly clock?: { now(): number }
}

export const postgresDoor = door<PostgresStoreOptions>('options-invalid', {
  connection: judgedLater,
  schema: aText,
  poolSize: wholeNumber(1, 10_000),
  operationTimeoutMs: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  listenUrl: aText,
  packFrom: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  signal: judgedLater,
  clock: judgedLater
})

/** None of these may be repeated by an error: all but the names are judged by the driver. */
export const connectionDoor = door<PostgresConnection>('config-invalid', {
  host: judgedLater,
  port: judgedLater,
  database: judgedLater,
  user: judgedLater,
  password: judgedLater,
  ssl: judgedLater
})
