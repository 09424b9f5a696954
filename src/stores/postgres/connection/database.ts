import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase, PoolClient } from 'pg'
import { copyIn } from './copy.ts'
import { asStoreError, classify, isForeignStatement, isLost } from '../errors.ts'
import { BODY_LIMIT_MS, ConnectionPool } from './pool.ts'
import type { PoolOptions } from './pool.ts'
import type { Database, Statement, Transaction } from '../sql.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'

/** How often what was rolled back for another's sake is tried before it fails as `store-busy`. */
const MAX_TRIES = 8
/** A first try again comes after 1 to 10 ms, the last after up to 70: two that collided must not do so again. */
const JITTER_MS = 10

/** The books' database: a pool of its own, in which a query has a deadline, and a broken or read-only connection no second use. */
export class PostgresDatabase implements Database {
  readonly schema: string
  readonly #options: PoolOptions
  readonly #pool: ConnectionPool
  /** One connection is never a transaction's, so that a renewal, or a look that a transaction waits for, always finds one. */
  readonly #transactions: ConcurrencyLimit
  /** Bodies of the app's may hold theirs for long; they leave one to our own transactions. */
  readonly #bodies: ConcurrencyLimit

  /** The pool takes 3 connections at least. */
  constructor(options: PoolOptions) {
    this.schema = options.address.location.schema
    this.#options = options
    this.#pool = new ConnectionPool(options)
    this.#transactions = new ConcurrencyLimit(options.poolSize - 1)
    this.#bodies = new ConcurrencyLimit(options.poolSize - 2)
  }

  /** Whether a pooler stands between; known from the first query on. */
  get isPooled(): boolean {
    return this.#pool.isPooled
  }

  query<Row extends readonly unknown[]>(statement: Statement, values?: readonly unknown[]): Promise<Row[]> {
    if (statement.limitMs === undefined) return this.#queryAlone<Row>(statement, values)
    const patience = { text: `SET LOCAL statement_timeout = ${statement.limitMs}` }
    // The server has a deadline of its own, and what takes long must not take the connection that is never a transaction's.
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
    // What the body throws is the app's, and goes to it untouched; only what our own statements throw is put into our words.
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
      if (client.getTransactionStatus() === 'I') throw notCommitted('its body had ended it by itself')
      const { command } = await guarded(this.#pool.send(client, { statement: COMMIT, limitMs }))
      // After a failed statement, whose error was not passed on, this is what a COMMIT does, without an error.
      if (command === 'ROLLBACK') throw notCommitted('a statement in it had failed')
      return answer
    } catch (error) {
      isBroken ||= !(await this.#hasRolledBack(client))
      throw error
    } finally {
      client.release(isBroken)
    }
  }

  /** Also where nothing is left to be rolled back: the server answers with a warning. */
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
// A process that is frozen within a transaction would hold its locks for good.
const begin = (idleMs: number, more = ''): Statement => ({
  text: `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = ${idleMs}${more}`
})
const beginBody = begin(BODY_LIMIT_MS, `; SET LOCAL statement_timeout = ${BODY_LIMIT_MS}`)

const notCommitted = (why: string): Error => new Error(`The transaction was not committed: ${why}.`)
