import type { DatabaseSync, DatabaseSyncOptions, SQLInputValue, StatementSync } from 'node:sqlite'
import { openWithCodes } from './codes-for-deno.ts'

/** What SQLite takes and returns. Booleans and `undefined` are excluded: Node 22 refuses to bind them. */
export type Cell = string | number | null
export type Row = readonly Cell[]

/**
 * A prepared statement whose rows are arrays, in the order of its columns. For one write per row whose count of changes
 * is not needed, `get` takes three quarters of the time of `run`, which creates an object.
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

/** A statement of the app, as the driver returns it. */
export type ForeignStatement = StatementSync
export type ForeignCell = SQLInputValue

/**
 * Opens a database file, or throws the driver's own error. The busy time-out is 0: SQLite would block the whole process
 * while it waits for a lock, so callers do the waiting.
 */
export function openDriver(file: string, options: DatabaseSyncOptions = {}): DatabaseSync {
  const { DatabaseSync: Database } = loadQuietly()
  const open = (): DatabaseSync => new Database(file, { ...options, timeout: 0, enableForeignKeyConstraints: false })
  return 'Deno' in globalThis ? openWithCodes(open) : open()
}

/** Node 22 warns once, when its SQLite is loaded, that it is experimental. Users can't act on that warning. */
function loadQuietly(): typeof import('node:sqlite') {
  const usual = Object.getOwnPropertyDescriptor(process, 'emitWarning')!
  process.emitWarning = () => undefined
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    Object.defineProperty(process, 'emitWarning', usual)
  }
}
