import { EscapementError } from '../../../core/errors.ts'
import type { AttemptKey } from '../../../core/job/job.ts'
import type { TransactionBody } from '../../../store/jobs.ts'
import type { Books } from '../books.ts'
import { ThrownByApp } from '../errors.ts'
import { lendConnection } from '../connection/lent-connection.ts'
import { completer } from './complete.ts'

const GUARD = 'SAVEPOINT escapement_transaction'
const SET_RESULT = 'UPDATE escapement_finished SET result = ? WHERE id = ?'

/** Runs within its own write. The fenced settle comes first. The body runs only if that ended the attempt (rule 17). */
export function transact(books: Books, attempt: AttemptKey, body: TransactionBody): 'written' | 'stale' {
  const { connection } = books
  if (!completer(books)(attempt, undefined)) return 'stale'
  connection.prepare(GUARD).run()
  const result = runBody(books, body)
  if (result !== undefined) connection.prepare(SET_RESULT).run(result, attempt.id)
  return 'written'
}

function runBody({ connection }: Books, body: TransactionBody): string | undefined {
  const lent = lendConnection(connection)
  try {
    const result = refusePromise(run(body, lent.transaction))
    releaseGuard(connection)
    return result
  } finally {
    lent.end()
  }
}

function run(body: TransactionBody, transaction: unknown): ReturnType<TransactionBody> {
  try {
    return body(transaction)
  } catch (thrown) {
    throw new ThrownByApp(thrown)
  }
}

function refusePromise(result: ReturnType<TransactionBody>): string | undefined {
  if (typeof result !== 'object') return result
  // Nobody waits for this promise any more. An unhandled rejection must not end the process.
  Promise.resolve(result).catch(() => undefined)
  throw new EscapementError(
    'transaction-async',
    'The body of the transaction returned a promise. On this store it must be synchronous: it runs within one turn of the event loop.'
  )
}

/** The savepoint is gone if the body ended the transaction, even if it then began another. */
function releaseGuard(connection: Books['connection']): void {
  try {
    connection.prepare('RELEASE escapement_transaction').run()
  } catch (error) {
    throw new Error(
      'The body of the transaction ended the transaction itself; leave COMMIT and ROLLBACK to Escapement.',
      {
        cause: error
      }
    )
  }
}
