import type { Books } from '../books.ts'
import type { Connection } from '../connection.ts'

/** The place of a job in the order of a claim. */
export interface Rank {
  readonly priority: number
  readonly runAt: number
  readonly id: string
}

/** The order of a claim: priority, then `runAt`, then id. */
export function comesBefore(a: Rank, b: Rank): boolean {
  if (a.priority !== b.priority) return a.priority < b.priority
  if (a.runAt !== b.runAt) return a.runAt < b.runAt
  return a.id < b.id
}

export interface Waiting extends Rank {
  readonly task: number
  readonly queue: number
}

// Where available jobs stand: `ready`, or `suspect` if they were rescued once. Key and order of both are those of a claim.
const INSERT_READY = 'INSERT INTO escapement_ready (task, queue, priority, run_at, id) VALUES (?, ?, ?, ?, ?)'
const INSERT_SUSPECT = 'INSERT INTO escapement_suspect (task, queue, priority, run_at, id) VALUES (?, ?, ?, ?, ?)'
const RAISE_LANE = `
INSERT INTO escapement_lane (task, queue, priority, run_at, id) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET priority = excluded.priority, run_at = excluded.run_at, id = excluded.id
WHERE (excluded.priority, excluded.run_at, excluded.id) < (priority, run_at, id)`

/** A function that puts jobs among those that are ready. What it put in before need not be asked for the head of its lane. */
export function readyInserter(connection: Connection): (job: Waiting) => void {
  const insert = connection.prepare(INSERT_READY)
  const raise = connection.prepare(RAISE_LANE)
  let before: Waiting | undefined
  return job => {
    const { task, queue, priority, runAt, id } = job
    insert.get(task, queue, priority, runAt, id)
    const isBehind = before !== undefined && before.task === task && before.queue === queue && comesBefore(before, job)
    if (isBehind) return
    raise.get(task, queue, priority, runAt, id)
    before = job
  }
}

export const insertSuspect = (connection: Connection, { task, queue, priority, runAt, id }: Waiting): void =>
  void connection.prepare(INSERT_SUSPECT).run(task, queue, priority, runAt, id)

type JobRow = readonly [task: number, queue: number, priority: number, runAt: number, rescues: number]
const JOB = 'SELECT task, queue, priority, run_at, rescues FROM escapement_job WHERE id = ?'

/** An available job is to be found by claims. */
export function makeAvailable({ connection }: Books, id: string): void {
  const [task, queue, priority, runAt, rescues] = connection.prepare<JobRow>(JOB).get(id)!
  const job = { task, queue, priority, runAt, id }
  if (rescues === 0) readyInserter(connection)(job)
  else insertSuspect(connection, job)
}

const leave = (place: string): string =>
  `DELETE FROM ${place} WHERE (task, queue, priority, run_at, id) = (?, ?, ?, ?, ?)`
const LEAVE_READY = leave('escapement_ready')
const LEAVE_SUSPECT = leave('escapement_suspect')
const FIRST_OF_LANE = `
SELECT priority, run_at, id FROM escapement_ready WHERE task = ? AND queue = ? ORDER BY priority, run_at, id LIMIT 1`

/** A job that waits is to be found by them no more. */
export function makeUnavailable({ connection }: Books, id: string): void {
  const [task, queue, priority, runAt] = connection.prepare<JobRow>(JOB).get(id)!
  connection.prepare(LEAVE_SUSPECT).run(task, queue, priority, runAt, id)
  connection.prepare(LEAVE_READY).run(task, queue, priority, runAt, id)
  const first = connection.prepare<[number, number, string]>(FIRST_OF_LANE).get(task, queue)
  setLane(connection, { task, queue }, first && { priority: first[0], runAt: first[1], id: first[2] })
}

const SET_LANE = 'UPDATE escapement_lane SET priority = ?, run_at = ?, id = ? WHERE task = ? AND queue = ?'
const DELETE_LANE = 'DELETE FROM escapement_lane WHERE task = ? AND queue = ?'

/** The lane begins with this job from now on; undefined: there is none any more. */
export function setLane(
  connection: Connection,
  { task, queue }: Pick<Waiting, 'task' | 'queue'>,
  first: Rank | undefined
): void {
  if (first === undefined) connection.prepare(DELETE_LANE).run(task, queue)
  else connection.prepare(SET_LANE).run(first.priority, first.runAt, first.id, task, queue)
}
