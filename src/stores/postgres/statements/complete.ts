import type { Report } from '../../../core/job/settle.ts'
import type { AttemptKey } from '../../../core/job/job.ts'
import type { Books, Sql, Statement } from '../sql.ts'
import { isPacked } from './unpack.ts'

const COMPLETE: Statement = {
  name: 'complete_attempts',
  text: 'SELECT {books}.complete_attempts($1, $2, $3, $4)'
}

/** Fails with a lock's time-out where it would have to wait for another transaction. */
export const COMPLETE_SOON: Statement = {
  name: 'complete_attempts_soon',
  text: 'SELECT {books}.complete_attempts_soon($1, $2, $3, $4)'
}

/**
 * Completes the jobs of successes, no two of one job. Returns the ids of those that were written; the others are stale.
 */
export async function complete(
  books: Books,
  successes: readonly Report[],
  statement: Statement = COMPLETE
): Promise<Set<string>> {
  if (successes.length === 0) return new Set()
  // Every statement that locks several jobs does so in the order of their ids, to avoid deadlocks. Packed ones are not
  // locked one by one.
  const inOrder = successes.every(isPacked) ? successes : successes.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const ids = inOrder.map(({ id }) => id)
  const fences = inOrder.map(({ fence }) => fence)
  const results = inOrder.map(({ outcome }) => (outcome.kind === 'completed' ? outcome.result : undefined))
  const values = [
    listOf(ids),
    listOf(fences),
    results.every(result => result === undefined) ? null : results,
    books.now()
  ]
  const [row] = await books.database.query<[string[] | null]>(statement, values)
  return new Set(row![0] ?? ids)
}

/**
 * An array as PostgreSQL reads it. The driver would check each element for characters to quote, which takes longer than
 * everything else here.
 */
const listOf = (elements: readonly (string | number)[]): string => `{${elements.join()}}`

const COMPLETE_WITHIN: Statement = {
  name: 'complete_within',
  text: 'SELECT * FROM {books}.complete_within($1, $2, $3)'
}
const NOTE_SUCCESS: Statement = { name: 'note_success', text: 'SELECT {books}.note_success($1, $2, $3)' }

/** A job that was completed within a transaction. */
export interface CompletedJob {
  readonly scheduleId: string | undefined
  readonly claimedAt: number
}

/**
 * Runs within the transaction `sql`, for a job that has a row. Returns undefined, and writes nothing, when the attempt
 * is stale.
 */
export async function completeOne(
  books: Books,
  sql: Sql,
  { id, fence }: AttemptKey
): Promise<CompletedJob | undefined> {
  const [row] = await sql.query<[string | null, number]>(COMPLETE_WITHIN, [id, fence, books.now()])
  return row && { scheduleId: row[0] ?? undefined, claimedAt: row[1] }
}

/** At the end of that transaction: until it commits, others would wait to note the ends of jobs of this schedule. */
export async function noteCompleted(books: Books, sql: Sql, { scheduleId, claimedAt }: CompletedJob): Promise<void> {
  if (scheduleId !== undefined) await sql.query(NOTE_SUCCESS, [scheduleId, claimedAt, books.now()])
}
