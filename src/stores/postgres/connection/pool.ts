import type { ClientBase, Pool, PoolClient, QueryArrayConfig } from 'pg'
import type { Address } from './address.ts'
import type { Driver } from './driver.ts'
import { asConnectError, encodingError, readOnlyError } from '../errors.ts'
import { ownTypes } from './own-types.ts'
import { Sockets } from './sockets.ts'
import type { Statement } from '../sql.ts'

export interface PoolOptions {
  readonly driver: Driver
  readonly address: Address
  readonly poolSize: number
  /** For waiting for a connection, and for each statement. */
  readonly operationTimeoutMs: number
  /** Called when a connection is lost. The next one may lead to a promoted standby that lacks the last commits. */
  readonly onGone?: (() => void) | undefined
}

export interface Sending {
  readonly statement: Statement
  readonly values?: readonly unknown[] | undefined
  readonly limitMs: number
}

interface Answer<Row> {
  readonly rows: Row[]
  /** What was done, as the server names it: `SELECT`, `COMMIT`. */
  readonly command: string
}

/** For a statement of an app's body, and for a pause between two of them. */
export const BODY_LIMIT_MS = 60_000
const IDLE_MS = 30_000
const KEEP_ALIVE_MS = 10_000
/** How long close() waits for connections that are still in use. */
const CLOSE_GRACE_MS = 1_000
/** The server gives up a little before the client does, so it can report why, and the connection survives. */
const SERVER_SHARE = 0.9

// Some statements (insert_jobs, hold) look again at what others committed after they began: only READ COMMITTED allows
// that.
const PROBE: Statement = {
  text: `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on',
  CASE WHEN pg_backend_pid() = $1
    THEN set_config('default_transaction_isolation', 'read committed', false) || set_config('statement_timeout', $2, false) END,
  current_setting('server_encoding')`
}

/** A character that a database can't store would fail its batch again and again. SQL_ASCII keeps bytes as they are. */
const encodings = new Set(['UTF8', 'SQL_ASCII'])

/**
 * A few connections of our own. Before its first use, each is checked for a pooler and for whether the books are
 * writable.
 */
export class ConnectionPool {
  readonly #options: PoolOptions
  readonly #pool: Pool
  readonly #sockets = new Sockets()
  readonly #texts = new WeakMap<Statement, string>()
  /** Connections on which the server process that greeted us also responds: no pooler is in between. */
  readonly #direct = new WeakSet<ClientBase>()
  #isPooled = false
  #closed: Promise<void> | undefined

  constructor(options: PoolOptions) {
    const { driver, address, poolSize, operationTimeoutMs, onGone = ignore } = options
    this.#options = options
    this.#pool = new driver.Pool({
      fallback_application_name: 'escapement',
      ...address.config,
      max: poolSize,
      connectionTimeoutMillis: operationTimeoutMs,
      idleTimeoutMillis: IDLE_MS,
      // An idle pool does not keep the process alive.
      allowExitOnIdle: true,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      query_timeout: BODY_LIMIT_MS,
      stream: this.#sockets.create,
      verify: (client, done) => void this.#verify(client, done)
    })
    // A query reports the loss of its connection. An idle connection is replaced when needed.
    this.#pool.on('error', onGone)
    this.#pool.on('remove', onGone)
    this.#pool.on('release', lost => {
      if (lost) onGone()
    })
    this.#pool.on('connect', client => client.on('error', ignore))
  }

  /**
   * Whether there is a pooler in between: then statements have no names, and LISTEN hears nothing. Known after the
   * first query.
   */
  get isPooled(): boolean {
    return this.#isPooled
  }

  noticePooler(): void {
    this.#isPooled = true
  }

  async connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw asConnectError(error, this.#options.address.location)
    }
  }

  /** Rejects with the driver's own error. */
  async send<Row extends readonly unknown[]>(
    client: ClientBase,
    { statement, values, limitMs }: Sending
  ): Promise<Answer<Row>> {
    const query: QueryArrayConfig & { readonly query_timeout: number } = {
      text: this.textOf(statement),
      values: (values ?? []) as unknown[],
      rowMode: 'array',
      types: ownTypes,
      query_timeout: statement.limitMs ?? Math.max(1, limitMs)
    }
    const isNamed = statement.name !== undefined && !this.#isPooled && this.#direct.has(client)
    const result = await client.query(isNamed ? { ...query, name: statement.name } : query)
    return { rows: result.rows as unknown[] as Row[], command: result.command }
  }

  textOf(statement: Statement): string {
    let text = this.#texts.get(statement)
    if (text === undefined) {
      text = statement.text.replaceAll('{books}', this.#options.address.location.schema)
      this.#texts.set(statement, text)
    }
    return text
  }

  /** A second call does nothing. What is still under way is cut off after a second. */
  close(): Promise<void> {
    if (this.#closed === undefined) {
      // The pool's own end waits for everyone who holds a connection, and an app's body may hold one forever.
      void this.#pool.end()
      this.#closed = this.#sockets.closed(CLOSE_GRACE_MS)
    }
    return this.#closed
  }

  async #verify(client: ClientBase, done: (error?: Error) => void): Promise<void> {
    try {
      await this.#probe(client)
    } catch (error) {
      return done(error as Error)
    }
    done()
  }

  async #probe(client: ClientBase): Promise<void> {
    const { operationTimeoutMs, address } = this.#options
    const serverLimitMs = Math.round(operationTimeoutMs * SERVER_SHARE)
    const values = [(client as GreetedClient).processID, String(serverLimitMs)]
    const { rows } = await this.send<[boolean, string | null, string]>(client, {
      statement: PROBE,
      values,
      limitMs: operationTimeoutMs
    })
    const [isReadOnly, settings, encoding] = rows[0]!
    if (isReadOnly) throw readOnlyError(address.location)
    if (!encodings.has(encoding)) throw encodingError(encoding, address.location)
    if (settings === null) this.#isPooled = true
    else this.#direct.add(client)
  }
}

/** `pg` keeps the process id from the server's greeting, but its types lack it. */
interface GreetedClient extends ClientBase {
  readonly processID: number | null
}

const ignore = (): void => undefined
