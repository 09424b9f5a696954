import type { Books } from '../books.ts'
import { insertSolo, readyInserter } from './places.ts'
import type { Waiting } from './places.ts'
import { comesBefore } from './wanted.ts'

/** How many due jobs are made available at a time, so that a claim stays short after a long pause. */
export const WAKE_AT_ONCE = 2_000

const NEXT_PRIORITY = `
SELECT priority FROM escapement_job INDEXED BY escapement_job_due WHERE state IN (0, 3) AND priority > ? ORDER BY priority LIMIT 1`
const DUE = `
SELECT id, task, queue, run_at, rescues FROM escapement_job INDEXED BY escapement_job_due
WHERE state IN (0, 3) AND priority = ? AND run_at <= ? ORDER BY run_at, id LIMIT ?`
const MAKE_AVAILABLE = 'UPDATE escapement_job SET state = 1 WHERE id = ?'
const BELOW_ALL_PRIORITIES = -1_000

type DueRow = readonly [id: string, task: number, queue: number, runAt: number, rescues: number]

function* prioritiesOf({ connection }: Books): Generator<number> {
  const next = connection.prepare<[number]>(NEXT_PRIORITY)
  for (let row = next.get(BELOW_ALL_PRIORITIES); row !== undefined; row = next.get(row[0])) yield row[0]
}

/** Whether any job waits for its time. */
export const isSomethingWaiting = (books: Books): boolean => prioritiesOf(books).next().done === false

/** Whether any job is due, even if no worker wants it. */
export function isSomethingDue(books: Books, at: number): boolean {
  for (const priority of prioritiesOf(books))
    if (books.connection.prepare<DueRow>(DUE).get(priority, at, 1) !== undefined) return true
  return false
}

/**
 * Makes the most urgent due jobs available, in the order of a claim. Jobs that nobody wants block nobody once they are
 * in their lane.
 */
export function wakeDue(books: Books, agingMs: number | undefined, at: number): Waiting[] {
  const { connection } = books
  const insertReady = readyInserter(connection)
  const due = agingMs === undefined ? firstDue(books, at) : firstAged(books, agingMs, at)
  for (const job of due) {
    connection.prepare(MAKE_AVAILABLE).run(job.id)
    if (job.rescues === 0) insertReady(job)
    else insertSolo(connection, job)
  }
  return due
}

type DueJob = Waiting & { readonly rescues: number }

function firstDue(books: Books, at: number): DueJob[] {
  const due: DueJob[] = []
  for (const priority of prioritiesOf(books)) {
    due.push(...dueAt(books, { priority, at, most: WAKE_AT_ONCE - due.length }))
    if (due.length === WAKE_AT_ONCE) break
  }
  return due
}

function firstAged(books: Books, agingMs: number, at: number): DueJob[] {
  const due = [...prioritiesOf(books)].flatMap(priority => dueAt(books, { priority, at, most: WAKE_AT_ONCE }))
  return due.sort((a, b) => (comesBefore(a, b, agingMs) ? -1 : 1)).slice(0, WAKE_AT_ONCE)
}

const dueAt = (
  { connection }: Books,
  { priority, at, most }: { readonly priority: number; readonly at: number; readonly most: number }
): DueJob[] =>
  connection
    .prepare<DueRow>(DUE)
    .all(priority, at, most)
    .map(([id, task, queue, runAt, rescues]) => ({ id, task, queue, priority, runAt, rescues }))
