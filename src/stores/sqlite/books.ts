import type { Connection } from './connection/connection.ts'
import { incompleteError } from './errors.ts'
import type { Names } from './jobs/names.ts'

/** What every statement works on: the open file and the store's time. */
export interface Books {
  readonly connection: Connection
  readonly names: Names
  readonly now: () => number
  /** Of the process's clock, which all processes of this boot share. */
  readonly monotonic: () => number
}

/** The only row of a table. @throws EscapementError `store-unavailable` when it is gone. */
export function theOne<T>({ file }: Connection, row: T | undefined): T {
  if (row === undefined) throw incompleteError(file, 'the row of escapement_store is gone')
  return row
}

/** SQLite has no `undefined`. */
export const orNull = <T extends string | number>(value: T | undefined): T | null => value ?? null
export const orUndefined = <T extends string | number>(value: T | null): T | undefined => value ?? undefined
