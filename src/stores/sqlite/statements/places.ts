import type { Books } from '../books.ts'
import type { Connection } from '../connection/connection.ts'

/** Identifies all ready jobs of a task in a queue at a priority. */
export interface LaneKey {
  readonly task: number
  readonly queue: number
  readonly priority: number
}

/** The position of a job in its lane. */
export interface Due {
  readonly runAt: number
  readonly id: string
}

export interface Waiting extends LaneKey, Due {}

const isDueBefore = (a: Due, b: Due): boolean => (a.runAt === b.runAt ? a.id < b.id : a.runAt < b.runAt)

// Where available jobs are: in `ready`, or in `solo` if they were rescued once. Both are keyed and ordered as a claim
// reads them.
const INSERT_READY = 'INSERT INTO escapement_ready (task, queue, priority, run_at, id) VALUES (?, ?, ?, ?, ?)'
const INSERT_SOLO = 'INSERT INTO escapement_solo (task, queue, priority, run_at, id) VALUES (?, ?, ?, ?, ?)'
const RAISE_LANE = `
INSERT INTO escapement_lane (task, queue, priority, run_at, id) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET run_at = excluded.run_at, id = excluded.id WHERE (excluded.run_at, excluded.id) < (run_at, id)`

/**
 * Returns a function that inserts ready jobs. Jobs that follow an earlier one in the same lane need no check of the
 * lane's head.
 */
export function readyInserter(connection: Connection): (job: Waiting) => void {
  const insert = connection.prepare(INSERT_READY)
  const raise = connection.prepare(RAISE_LANE)
  let before: Waiting | undefined
  return job => {
    const { task, queue, priority, runAt, id } = job
    insert.get(task, queue, priority, runAt, id)
    if (before !== undefined && isSameLane(before, job) && isDueBefore(before, job)) return
    raise.get(task, queue, priority, runAt, id)
    before = job
  }
}

const isSameLane = (a: LaneKey, b: LaneKey): boolean =>
  a.task === b.task && a.queue === b.queue && a.priority === b.priority

export const insertSolo = (connection: Connection, { task, queue, priority, runAt, id }: Waiting): void =>
  void connection.prepare(INSERT_SOLO).run(task, queue, priority, runAt, id)

type JobRow = readonly [task: number, queue: number, priority: number, runAt: number, rescues: number]
const JOB = 'SELECT task, queue, priority, run_at, rescues FROM escapement_job WHERE id = ?'

/** Makes an available job visible to claims. */
export function makeAvailable({ connection }: Books, id: string): void {
  const [task, queue, priority, runAt, rescues] = connection.prepare<JobRow>(JOB).get(id)!
  const job = { task, queue, priority, runAt, id }
  if (rescues === 0) readyInserter(connection)(job)
  else insertSolo(connection, job)
}

const leave = (place: string): string =>
  `DELETE FROM ${place} WHERE (task, queue, priority, run_at, id) = (?, ?, ?, ?, ?)`
const LEAVE_READY = leave('escapement_ready')
const LEAVE_SOLO = leave('escapement_solo')
const FIRST_OF_LANE = `
SELECT run_at, id FROM escapement_ready WHERE task = ? AND queue = ? AND priority = ? ORDER BY run_at, id LIMIT 1`

/** Hides a job from claims. */
export function makeUnavailable({ connection }: Books, id: string): void {
  const [task, queue, priority, runAt] = connection.prepare<JobRow>(JOB).get(id)!
  connection.prepare(LEAVE_SOLO).run(task, queue, priority, runAt, id)
  connection.prepare(LEAVE_READY).run(task, queue, priority, runAt, id)
  const first = connection.prepare<[number, string]>(FIRST_OF_LANE).get(task, queue, priority)
  setLane(connection, { task, queue, priority }, first && { runAt: first[0], id: first[1] })
}

const SET_LANE = 'UPDATE escapement_lane SET run_at = ?, id = ? WHERE task = ? AND queue = ? AND priority = ?'
const DELETE_LANE = 'DELETE FROM escapement_lane WHERE task = ? AND queue = ? AND priority = ?'

/** Sets the first job of a lane; undefined: the lane is empty. */
export function setLane(connection: Connection, { task, queue, priority }: LaneKey, first: Due | undefined): void {
  if (first === undefined) connection.prepare(DELETE_LANE).get(task, queue, priority)
  else connection.prepare(SET_LANE).get(first.runAt, first.id, task, queue, priority)
}
