import type { ClientBase } from 'pg'
import { EscapementError } from '../../../core/errors.ts'
import type { AsyncTransaction } from '../../../core/job/handler.ts'

export interface LentConnection {
  /** What a transaction's body receives: the connection on which its job is being completed. */
  readonly transaction: AsyncTransaction
  /** Takes it back. Statements sent before are still executed. */
  readonly end: () => void
}

export function lendClient(client: ClientBase): LentConnection {
  let isLent = true
  const query = async (...asked: unknown[]): Promise<unknown> => {
    if (isLent) return client.query(...(asked as [string]))
    throw new EscapementError(
      'transaction-repeated',
      'The transaction has ended; its connection was lent to the body only.'
    )
  }
  return { transaction: { query: query as AsyncTransaction['query'] }, end: () => void (isLent = false) }
}
