import type { PGlite, QueryOptions } from '@electric-sql/pglite'
import { EscapementError } from '../../core/errors.ts'
import { ownTypes } from '../postgres/connection/own-types.ts'
import { asStoreError } from '../postgres/errors.ts'
import type { Database, Statement, Transaction } from '../postgres/sql.ts'
import type { Holding } from './shared.ts'

/** For the wait of a statement or a transaction for those before it. */
const LIMIT_MS = 10_000
/** The numbers of the types that PGlite would parse differently than our statements expect. */
const types = [
  16, 17, 20, 21, 23, 25, 26, 114, 700, 701, 1002, 1005, 1007, 1009, 1015, 1016, 1082, 1114, 1184, 1700, 2950, 2951,
  3802
]
const parsers = Object.fromEntries(types.map(type => [type, ownTypes.getTypeParser(type)]))

/** The database of the books on PGlite: one connection, whose users take turns. */
export class PgliteDatabase implements Database {
  readonly schema: string
  readonly #holding: Holding
  readonly #location: Parameters<typeof asStoreError>[1]
  #isClosed = false

  constructor(holding: Holding, schema: string, location: string) {
    this.schema = schema
    this.#holding = holding
    this.#location = { database: location, user: 'postgres', schema }
  }

  query<Row extends readonly unknown[]>(statement: Statement, values?: readonly unknown[]): Promise<Row[]> {
    return this.#inTurn(() => this.#send<Row>(statement, values))
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#inTurn(async client => {
      await this.#send(BEGIN)
      try {
        const answer = await work(this.#transaction(client))
        // After a failed statement whose error was swallowed, COMMIT would silently roll back.
        await this.#send(IS_SOUND)
        await this.#send(COMMIT)
        return answer
      } catch (error) {
        await client.exec('ROLLBACK').catch(() => undefined)
        throw error
      }
    })
  }

  /** Calls back at each wake from another store of this process. Resolves with a function that ends it. */
  listen(channel: string, onWake: (payload: string) => void): Promise<() => Promise<void>> {
    return this.#inTurn(async client => {
      const end = await client.listen(channel, onWake)
      return () => this.#inTurn(() => end()).catch(() => undefined)
    })
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    try {
      await this.#holding.shared.turn.take(LIMIT_MS, async () => undefined)
    } finally {
      await this.#holding.release()
    }
  }

  #inTurn<T>(run: (client: PGlite) => Promise<T>): Promise<T> {
    const { client, turn } = this.#holding.shared
    return turn.take(LIMIT_MS, async () => {
      if (!this.#isClosed) return run(client)
      throw new EscapementError('store-unavailable', `The store on ${this.#location.database} has been closed.`)
    })
  }

  async #send<Row extends readonly unknown[]>(
    { text }: Statement,
    values: readonly unknown[] = [],
    more: QueryOptions = {}
  ): Promise<Row[]> {
    const sql = text.replaceAll('{books}', this.schema)
    const { client } = this.#holding.shared
    const options = { ...ARRAYS, ...more }
    try {
      if (values.length > 0) return (await client.query(sql, [...values], options)).rows as Row[]
      // One text may hold several statements: the rows are those of the last.
      return ((await client.exec(sql, options)).at(-1)?.rows ?? []) as Row[]
    } catch (error) {
      // An error thrown by a transaction's body is the app's and is passed on unchanged.
      throw asStoreError(error, this.#location)
    }
  }

  #transaction(client: PGlite): Transaction {
    return {
      query: (statement, values) => this.#send(statement, values),
      copy: async ({ text }, chunks) => {
        const fromBlob = { text: text.replace('FROM STDIN', "FROM '/dev/blob'") }
        await this.#send(fromBlob, [], { blob: new Blob([...chunks]) })
      },
      client: lentClient(client)
    }
  }
}

const BEGIN: Statement = { text: 'BEGIN ISOLATION LEVEL READ COMMITTED' }
const IS_SOUND: Statement = { text: 'SELECT 1' }
const COMMIT: Statement = { text: 'COMMIT' }
const ARRAYS: QueryOptions = { rowMode: 'array', parsers }

/** The client that a transaction's body receives: the part of a `pg` client that it needs. */
function lentClient(client: PGlite): Transaction['client'] {
  const query = async (asked: string | { text: string; values?: unknown[] }, values?: unknown[]): Promise<object> => {
    const text = typeof asked === 'string' ? asked : asked.text
    const { rows, affectedRows } = await client.query(text, typeof asked === 'string' ? values : asked.values)
    return { rows, rowCount: rows.length > 0 ? rows.length : (affectedRows ?? 0) }
  }
  return { query } as unknown as Transaction['client']
}
