import type { Books } from '../books.ts'
import { insertSuspect, readyInserter } from './places.ts'
import type { Waiting } from './places.ts'

/** How many jobs that have become due are made available at a time, so that a claim stays short after a long pause. */
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

/** Whether something has become due, whoever wants it. */
export function isSomethingDue(books: Books, at: number): boolean {
  for (const priority of prioritiesOf(books))
    if (books.connection.prepare<DueRow>(DUE).get(priority, at, 1) !== undefined) return true
  return false
}

/**
 * Makes the most urgent of what has become due available, in the order of a claim; what nobody wants lies in nobody's way once
 * it stands in its lane.
 */
export function wakeDue(books: Books, at: number): Waiting[] {
  const { connection } = books
  const insertReady = readyInserter(connection)
  const woken: Waiting[] = []
  for (const priority of prioritiesOf(books)) {
    const due = connection.prepare<DueRow>(DUE).all(priority, at, WAKE_AT_ONCE - woken.length)
    for (const [id, task, queue, runAt, rescues] of due) {
      connection.prepare(MAKE_AVAILABLE).run(id)
      const job = { task, queue, priority, runAt, id }
      woken.push(job)
      if (rescues === 0) insertReady(job)
      else insertSuspect(connection, job)
    }
    if (woken.length === WAKE_AT_ONCE) break
  }
  return woken
}
