import { EscapementError } from '../../core/errors.ts'
import type { AttemptKey } from '../../core/job/job.ts'
import type { TransactionBody } from '../../store/jobs.ts'
import type { MemoryBooks } from './books.ts'
import { currentRow } from './jobs/job-rows.ts'
import { writeReport } from './jobs/settling.ts'

/**
 * The body runs between the check and the write, all in one turn of the event loop. So when a body throws, only its
 * effects have to be undone. The second check is for a body that settled its own attempt in another way.
 */
export function transact(
  books: MemoryBooks,
  attempt: AttemptKey,
  { body, now }: { readonly body: TransactionBody; readonly now: number }
): 'written' | 'stale' {
  if (currentRow(books, attempt) === undefined) return 'stale'
  const { transaction, commit, rollback } = books.effects.begin()
  try {
    const result = refusePromise(body(transaction))
    const isWritten = writeReport(books, { ...attempt, outcome: { kind: 'completed', result } }, now)
    if (isWritten) commit()
    else rollback()
    return isWritten ? 'written' : 'stale'
  } catch (error) {
    rollback()
    throw error
  }
}

function refusePromise(result: ReturnType<TransactionBody>): string | undefined {
  if (!(result instanceof Promise)) return result
  // Nobody waits for this promise any more. An unhandled rejection must not end the process.
  result.catch(() => undefined)
  throw new EscapementError(
    'transaction-async',
    'The body of the transaction returned a promise; on this store it must be synchronous.'
  )
}
