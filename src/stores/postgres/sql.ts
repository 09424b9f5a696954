import type { ClientBase } from 'pg'

import type { Floors } from './jobs/floors.ts'
import type { Names } from './jobs/names.ts'

/**
 * A statement with `$1`, `$2` for its values. Tables are written `{books}.job`: the schema of the books is inserted
 * once per database. A statement with a name is prepared on direct connections; behind a pooler the name is not used.
 */
export interface Statement {
  readonly text: string
  /** At most 63 characters, unique in this store: the same name always has the same text. */
  readonly name?: string
  /** How long it may take, if not the time-out of an operation. */
  readonly limitMs?: number
}

/** What statements are sent through: the pool, or one transaction. */
export interface Sql {
  /** Rows as arrays, in the order of the columns; `bigint` comes as a number. */
  query<Row extends readonly unknown[]>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>
}

/** One transaction, on its own connection until it ends. */
export interface Transaction extends Sql {
  /** Sends chunks of lines, in COPY's text format, to a `COPY … FROM STDIN`. */
  copy(statement: Statement, chunks: Iterable<string>): Promise<void>
  /** The driver's connection, lent to an app's body: rows are objects, `bigint` is a text. */
  readonly client: ClientBase
}

/** The database of the books: every call has a deadline, and every error is one of the store's (errors.ts). */
export interface Database extends Sql {
  /** The schema of the books, quoted. */
  readonly schema: string
  /**
   * BEGIN at READ COMMITTED, the work, COMMIT. If the work throws, it rolls back. After a serialization failure or
   * deadlock it runs again from BEGIN. `once` is for work that runs the app's code: it is never run twice, and each of
   * its statements and pauses may take a minute.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, tries?: 'again' | 'once'): Promise<T>
}

/** What every statement of this store works with. */
export interface Books {
  readonly database: Database
  /** The numbers that stand for names, as far as the process knows them. */
  readonly names: Names
  /** Where the process's claims begin to search, as long as searching is expensive. */
  readonly floors: Floors
  /** Claims of this many jobs or more are kept as a pack. */
  readonly packFrom: number
  /**
   * The time to pass to statements as their `now`. It is null, so that the database's own clock decides, except in
   * tests, which bring a clock that they move. Statements say `coalesce($n, {books}.now_ms())`.
   */
  readonly now: () => number | null
}
