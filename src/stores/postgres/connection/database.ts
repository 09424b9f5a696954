import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase, PoolClient } from 'pg'
import { copyIn } from './copy.ts'
import { asStoreError, classify, isForeignStatement, isLost } from '../errors.ts'
import { BODY_LIMIT_MS, ConnectionPool } from './pool.ts'
import type { PoolOptions } from './pool.ts'
import type { Database, Statement, Transaction } from '../sql.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'

/** How many times to try what was rolled back because of others, before it fails with `store-busy`. */
const MAX_TRIES = 8
/** The first retry waits 1 to 11 ms, the last up to 71 ms, at random, so that two that collided don't collide again. */
const JITTER_MS = 10

/** The books' database: its own pool, a deadline for every query; broken or read-only connections are never reused. */
export class PostgresDatabase implements Database {
  readonly schema: string
  readonly #options: PoolOptions
  readonly #pool: ConnectionPool
  /**
   * One connection is never used for transactions, so that a renewal, or a query that a transaction waits for, always
   * finds one.
   */
  readonly #transactions: ConcurrencyLimit
  /** The app's bodies may keep their connections for long; they leave one to our own transactions. */
  readonly #bodies: ConcurrencyLimit

  /** `poolSize` is at least 3. */
  constructor(options: PoolOptions) {
    this.schema = options.address.location.schema
    this.#options = options
    this.#pool = new ConnectionPool(options)
    this.#transactions = new ConcurrencyLimit(options.poolSize - 1)
    this.#bodies = new ConcurrencyLimit(options.poolSize - 2)
  }

  /** Whether there is a pooler in between; known after the first query. */
  get isPooled(): boolean {
    return this.#pool.isPooled
  }

  query<Row extends readonly unknown[]>(statement: Statement, values?: readonly unknown[]): Promise<Row[]> {
    if (statement.limitMs === undefined) return this.#queryAlone<Row>(statement, values)
    const patience = { text: `SET LOCAL statement_timeout = ${statement.limitMs}` }
    // The server has its own deadline, and a long statement must not use the connection that is kept free of
    // transactions.
    return this.transaction(async tx => {
      await tx.query(patience)
      return tx.query<Row>(statement, values)
    })
  }

  #queryAlone<Row extends readonly unknown[]>(statement: Statement, values?: readonly unknown[]): Promise<Row[]> {
    return this.#repeated(async () => {
      const startedAt = performance.now()
      const client = await this.#pool.connect()
      let isBroken = false
      try {
        const limitMs = this.#options.operationTimeoutMs - (performance.now() - startedAt)
        return (await this.#pool.send<Row>(client, { statement, values, limitMs })).rows
      } catch (error) {
        isBroken = isLost(error)
        throw error
      } finally {
        client.release(isBroken)
      }
    })
  }

  transaction<T>(work: Work<T>, tries: 'again' | 'once' = 'again'): Promise<T> {
    if (tries === 'again') {
      const start = begin(this.#options.operationTimeoutMs)
      return this.#repeated(() => this.#inTransaction(work, start, task => task))
    }
    // Errors of the body are the app's and are passed on unchanged; only those of our own statements are translated.
    const inOurWords = <R>(task: Promise<R>): Promise<R> => task.catch((error: unknown) => this.#fail(error))
    return this.#bodies.pass(() => this.#inTransaction(work, beginBody, inOurWords))
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  #inTransaction<T>(work: Work<T>, start: Statement, inOurWords: Wording): Promise<T> {
    return this.#transactions.pass(async () =>
      this.#onConnection(await this.#pool.connect(), { work, start, inOurWords })
    )
  }

  async #onConnection<T>(client: PoolClient, { work, start, inOurWords }: Run<T>): Promise<T> {
    const limitMs = this.#options.operationTimeoutMs
    let isBroken = false
    const guarded = <R>(task: Promise<R>): Promise<R> =>
      inOurWords(
        task.catch((error: unknown) => {
          isBroken ||= isLost(error)
          throw error
        })
      )
    const query: Transaction['query'] = async <Row extends readonly unknown[]>(
      statement: Statement,
      values?: readonly unknown[]
    ) => (await guarded(this.#pool.send<Row>(client, { statement, values, limitMs }))).rows
    const copy: Transaction['copy'] = (statement, chunks) =>
      guarded(copyIn(client, this.#pool.textOf(statement), chunks))
    try {
      await query(start)
      const answer = await work({ query, copy, client })
      if (client.getTransactionStatus() === 'I') throw notCommitted('its body had ended it')
      const { command } = await guarded(this.#pool.send(client, { statement: COMMIT, limitMs }))
      // This is the result of a COMMIT after a failed statement whose error was swallowed; the server reports no error.
      if (command === 'ROLLBACK') throw notCommitted('a statement in it had failed')
      return answer
    } catch (error) {
      isBroken ||= !(await this.#hasRolledBack(client))
      throw error
    } finally {
      client.release(isBroken)
    }
  }

  /** Also true when nothing was left to roll back: then the server only warns. */
  #hasRolledBack(client: ClientBase): Promise<boolean> {
    const limitMs = this.#options.operationTimeoutMs
    return this.#pool.send(client, { statement: ROLLBACK, limitMs }).then(
      () => true,
      () => false
    )
  }

  async #repeated<T>(run: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await run()
      } catch (error) {
        if (isForeignStatement(error)) this.#pool.noticePooler()
        if (classify(error) !== 'again' || tries === MAX_TRIES) this.#fail(error)
      }
      await sleep(1 + Math.random() * JITTER_MS * tries)
    }
  }

  #fail(error: unknown): never {
    throw asStoreError(error, this.#options.address.location)
  }
}

type Work<T> = (tx: Transaction) => Promise<T>
type Wording = <R>(task: Promise<R>) => Promise<R>

interface Run<T> {
  readonly work: Work<T>
  readonly start: Statement
  readonly inOurWords: Wording
}

const COMMIT: Statement = { text: 'COMMIT' }
const ROLLBACK: Statement = { text: 'ROLLBACK' }
// Without the limit, a process that is frozen within a transaction would hold its locks forever.
const begin = (idleMs: number, more = ''): Statement => ({
  text: `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = ${idleMs}${more}`
})
const beginBody = begin(BODY_LIMIT_MS, `; SET LOCAL statement_timeout = ${BODY_LIMIT_MS}`)

const notCommitted = (why: string): Error => new Error(`The transaction was not committed: ${why}.`)
