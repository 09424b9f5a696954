import type { AttemptKey } from '../../../core/job/job.ts'
import type { TransactionBody } from '../../../store/jobs.ts'
import { lendClient } from '../connection/lent-connection.ts'
import type { Books, Statement, Transaction } from '../sql.ts'
import { completeOne, noteCompleted } from './complete.ts'
import { unpack } from './unpack.ts'

const TRANSACTION_ID: Statement = { text: 'SELECT pg_current_xact_id_if_assigned()::text' }
const SET_RESULT: Statement = { text: 'UPDATE {books}.finished SET result = $2 WHERE id = $1' }

/** The fenced settle comes first. The body runs only if that ended the attempt (rule 17). */
export async function transact(books: Books, attempt: AttemptKey, body: TransactionBody): Promise<'written' | 'stale'> {
  // In a commit of its own: otherwise the pack would stay locked while the body runs, and block its other jobs.
  await unpack(books, [attempt])
  return books.database.transaction(async tx => {
    const completed = await completeOne(books, tx, attempt)
    if (completed === undefined) return 'stale'
    const result = await runBody(tx, body)
    if (result !== undefined) await tx.query(SET_RESULT, [attempt.id, result])
    await noteCompleted(books, tx, completed)
    return 'written'
  }, 'once')
}

async function runBody(tx: Transaction, body: TransactionBody): Promise<string | undefined> {
  const before = await transactionId(tx)
  const lent = lendClient(tx.client)
  let result: string | undefined
  try {
    result = await body(lent.transaction)
  } finally {
    lent.end()
  }
  // It differs, or is null, if the body ended the transaction, even if it then began another.
  if ((await transactionId(tx)) === before) return result
  throw new Error('The body of the transaction ended the transaction itself; leave COMMIT and ROLLBACK to Escapement.')
}

async function transactionId(tx: Transaction): Promise<string | null> {
  const [row] = await tx.query<[string | null]>(TRANSACTION_ID)
  return row![0]
}
