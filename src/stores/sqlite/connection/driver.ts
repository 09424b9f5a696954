import type { DatabaseSync, DatabaseSyncOptions, SQLInputValue, StatementSync } from 'node:sqlite'

/** What SQLite gives and takes. Booleans and `undefined` are not among it: Node 22 refuses to bind them. */
export type Cell = string | number | null
export type Row = readonly Cell[]

/**
 * A prepared statement whose rows are arrays, in the order of its columns. Where a write is done for each of many rows
 * and its count of changes is not needed, `get` does it in three quarters of the time of `run`, which makes an object.
 */
export interface Statement<R extends Row = Row> {
  run(...values: readonly Cell[]): { readonly changes: number | bigint }
  get(...values: readonly Cell[]): R | undefined
  all(...values: readonly Cell[]): R[]
  iterate(...values: readonly Cell[]): Iterator<R, unknown>
}

/** A prepared statement whose rows are objects. */
export interface RecordStatement<R> {
  get(...values: readonly Cell[]): R | undefined
  all(...values: readonly Cell[]): R[]
}

/** A statement of the app's, as the driver makes it. */
export type ForeignStatement = StatementSync
export type ForeignCell = SQLInputValue

/**
 * Opens a database file, or throws the driver's own error. The busy time-out is 0: SQLite would wait for a lock by
 * blocking the whole process, so that waiting is done by whoever calls.
 */
export function openDriver(file: string, options: DatabaseSyncOptions = {}): DatabaseSync {
  const { DatabaseSync: Database } = loadQuietly()
  return new Database(file, { ...options, timeout: 0, enableForeignKeyConstraints: false })
}

/** Node 22 warns once, at the load of its SQLite, that it is experimental. The warning is nothing that a user could act on. */
function loadQuietly(): typeof import('node:sqlite') {
  const usual = Object.getOwnPropertyDescriptor(process, 'emitWarning')!
  process.emitWarning = () => undefined
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    Object.defineProperty(process, 'emitWarning', usual)
  }
}
