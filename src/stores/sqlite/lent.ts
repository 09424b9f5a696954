import { EscapementError } from '../../core/errors.ts'
import type { Connection } from './connection.ts'
import type { Cell } from './driver.ts'

/** What the body of a transaction on this store is handed: the store's own connection, within the transaction that completes the job. */
export interface SqliteTransaction {
  /** Rows are objects, by the names of their columns. Values stand for bare question marks. */
  prepare(sql: string): SqliteTransactionStatement
  /** Runs one or several statements without values. */
  exec(sql: string): void
}

export interface SqliteTransactionStatement {
  run(...values: readonly Cell[]): { readonly changes: number }
  get(...values: readonly Cell[]): Record<string, Cell> | undefined
  all(...values: readonly Cell[]): Record<string, Cell>[]
}

/** The connection as long as the body runs; what it prepared ends with it. */
export function lendConnection(connection: Connection): {
  readonly transaction: SqliteTransaction
  readonly end: () => void
} {
  let isLent = true
  const checkLoan = (): void => {
    if (!isLent)
      throw new EscapementError(
        'transaction-repeated',
        'The transaction has ended; its connection was lent to the body only.'
      )
  }
  const transaction: SqliteTransaction = {
    prepare: sql => {
      checkLoan()
      const statement = connection.prepareOnce(sql)
      const whileLent = <T>(call: () => T): T => {
        checkLoan()
        return call()
      }
      return {
        run: (...values) => whileLent(() => ({ changes: Number(statement.run(...values).changes) })),
        get: (...values) => whileLent(() => statement.get(...values)),
        all: (...values) => whileLent(() => statement.all(...values))
      }
    },
    exec: sql => {
      checkLoan()
      connection.exec(sql)
    }
  }
  return { transaction, end: () => void (isLent = false) }
}
