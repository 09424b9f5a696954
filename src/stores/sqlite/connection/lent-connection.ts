import { EscapementError } from '../../../core/errors.ts'
import type { SyncTransaction } from '../../../core/job/handler.ts'
import type { Connection } from './connection.ts'
import type { ForeignCell } from './driver.ts'

export interface LentConnection {
  /** What a transaction's body receives: the store's own connection, within the transaction that completes the job. */
  readonly transaction: SyncTransaction
  /** Takes it back, together with every statement that was prepared on it. */
  readonly end: () => void
}

export function lendConnection(connection: Connection): LentConnection {
  let isLent = true
  const whileLent = <T>(use: () => T): T => {
    if (isLent) return use()
    throw new EscapementError(
      'transaction-repeated',
      'The transaction has ended; its connection was lent to the body only.'
    )
  }
  const transaction: SyncTransaction = {
    prepare: sql => {
      const statement = whileLent(() => connection.prepareForeign(sql))
      return {
        run: (...values) => whileLent(() => statement.run(...values.map(bindable))),
        get: (...values) => whileLent(() => statement.get(...values.map(bindable))),
        all: (...values) => whileLent(() => statement.all(...values.map(bindable)))
      }
    },
    exec: sql => whileLent(() => connection.exec(sql))
  }
  return { transaction, end: () => void (isLent = false) }
}

/** As later versions of Node bind them: Node 22 refuses booleans, and no version takes `undefined`. */
function bindable(value: unknown): ForeignCell {
  if (typeof value === 'boolean') return Number(value)
  // The driver refuses all other values, and names the parameter.
  return value === undefined ? null : (value as ForeignCell)
}
