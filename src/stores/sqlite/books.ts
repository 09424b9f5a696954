import type { Connection } from './connection.ts'
import type { Names } from './names.ts'

/** What every statement works on: the open file and the store's time. */
export interface Books {
  readonly connection: Connection
  readonly names: Names
  readonly now: () => number
}

/** SQLite knows no `undefined`. */
export const orNull = <T extends string | number>(value: T | undefined): T | null => value ?? null
export const orUndefined = <T extends string | number>(value: T | null): T | undefined => value ?? undefined
