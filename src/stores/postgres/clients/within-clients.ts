import type { JobStore } from '../../../store/jobs.ts'
import type { OpenedBooks } from '../open.ts'
import { enqueueWithin } from '../statements/enqueue-within.ts'

/** PostgreSQL lets one commit with a NOTIFY through at a time. The app's commits must not queue for that. */
const APART_MS = 50

/**
 * Enqueues within the app's transactions. Only the database sees them commit, so the wake is part of the transaction.
 * At most twenty per second have one; commits in between are found with the next wake or by polling.
 */
export function withinClients({ books, id }: OpenedBooks, channel: string): NonNullable<JobStore['enqueueWithin']> {
  let quietUntil = 0
  return (client, jobs) => {
    const now = performance.now()
    const isNotified = now >= quietUntil
    if (isNotified) quietUntil = now + APART_MS
    return enqueueWithin(books, jobs, { client, storeId: id, channel: isNotified ? channel : undefined })
  }
}
