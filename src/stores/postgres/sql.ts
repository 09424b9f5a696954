import type { ClientBase } from 'pg'

import type { Floors } from './jobs/floors.ts'
import type { Names } from './jobs/names.ts'

/**
 * A statement with `$1` for its values. Names of tables are written `{books}.job`: the schema of the books is put in once
 * per database. A named one is prepared where the connection is direct; behind a pooler it goes unnamed.
 */
export interface Statement {
  readonly text: string
  /** At most 63 characters, unique in this store: the same name always has the same text. */
  readonly name?: string
  /** How long it may take, where that is not the time-out of an operation. */
  readonly limitMs?: number
}

/** Whatever statements can be sent to: the pool, or one transaction. */
export interface Sql {
  /** Rows as arrays, in the order of the columns; `bigint` comes as a number. */
  query<Row extends readonly unknown[]>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>
}

/** One transaction, on a connection that is its own until it ends. */
export interface Transaction extends Sql {
  /** Sends chunks of lines, in COPY's text format, to a `COPY … FROM STDIN`. */
  copy(statement: Statement, chunks: Iterable<string>): Promise<void>
  /** That connection as the driver has it, to be lent to a body of the app's: rows are objects, `bigint` is a text. */
  readonly client: ClientBase
}

/** The database of the books: every call has a deadline, and every error is one of the store's (errors.ts). */
export interface Database extends Sql {
  /** The schema of the books, quoted. */
  readonly schema: string
  /**
   * BEGIN at READ COMMITTED, the work, COMMIT; a work that throws rolls back. Serialization failures and deadlocks are
   * tried again, from BEGIN; but `once` is for work that runs code of the app's, which is not run a second time, and
   * whose statements and pauses may take a minute each.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, tries?: 'again' | 'once'): Promise<T>
}

/** What every statement of this store works with. */
export interface Books {
  readonly database: Database
  /** What the process has learned of the numbers that stand for names. */
  readonly names: Names
  /** Where its claims begin to look, as long as looking is dear. */
  readonly floors: Floors
  /** From how many jobs on a claim is kept as a pack. */
  readonly packFrom: number
  /**
   * The instant to hand to statements as their `now`: null, so that the database's own clock decides, except in tests,
   * which bring a clock that they move. Statements say `coalesce($n, {books}.now_ms())`.
   */
  readonly now: () => number | null
}
