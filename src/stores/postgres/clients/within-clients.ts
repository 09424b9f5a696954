import type { JobStore } from '../../../store/jobs.ts'
import type { OpenedBooks } from '../open.ts'
import { enqueueWithin } from '../statements/enqueue-within.ts'

/** One commit with a NOTIFY goes through at a time, and the app's are not to queue for that. */
const APART_MS = 50

/**
 * Enqueues within transactions of the app's, of whose commit nobody hears but the database: so the wake is a part of
 * them. Twenty a second at the most are; what is committed in between is found with the next wake, or by looking.
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
