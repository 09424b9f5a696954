import type { Books } from '../books.ts'
import type { Due, LaneKey } from './places.ts'
import { comesBefore } from './wanted.ts'
import type { Wanted } from './wanted.ts'

/** The ready jobs of one task in one queue at one priority; `head` is the first of them. */
export interface Lane extends LaneKey {
  readonly head: Due
}

type LaneRow = readonly [task: number, queue: number, priority: number, runAt: number, id: string]

const lanesOf = (condition: string): string =>
  `SELECT task, queue, priority, run_at, id FROM escapement_lane INDEXED BY escapement_lane_rank WHERE ${condition} ORDER BY priority, run_at, id LIMIT ?`
const ALL = -1

/**
 * Up to `most` lanes that have ready jobs, ordered by their first jobs. Lanes of other tasks and queues are skipped, at
 * a row each.
 */
export function firstLanes({ connection }: Books, { condition, cells, agingMs }: Wanted, most: number): Lane[] {
  // If jobs age, the order of the lanes changes with time: all of them are read.
  const limit = agingMs === undefined ? most : ALL
  const rows = connection.prepare<LaneRow>(lanesOf(condition)).all(...cells, limit)
  const lanes = rows.map(([task, queue, priority, runAt, id]) => ({ task, queue, priority, head: { runAt, id } }))
  if (agingMs === undefined) return lanes
  const rankOf = ({ priority, head }: Lane) => ({ priority, ...head })
  return lanes.sort((a, b) => (comesBefore(rankOf(a), rankOf(b), agingMs) ? -1 : 1)).slice(0, most)
}

export const isSomethingReady = ({ connection }: Books, { condition, cells }: Wanted): boolean =>
  connection.prepare(lanesOf(condition)).get(...cells, 1) !== undefined

const NEXT_OF_TASK =
  'SELECT run_at FROM escapement_job INDEXED BY escapement_job_next WHERE state IN (0, 3) AND task = ? ORDER BY run_at LIMIT 1'
const NEXT_OF_LANE =
  'SELECT run_at FROM escapement_job INDEXED BY escapement_job_waiting WHERE state IN (0, 3) AND task = ? AND queue = ? ORDER BY run_at LIMIT 1'
// SQLite seeks to the first equal row and steps on from there: with "greater than" it would step over all jobs of a
// lane.
const NEXT_LANE = `
SELECT task, queue, run_at FROM escapement_job INDEXED BY escapement_job_waiting
WHERE state IN (0, 3) AND (task, queue) >= (?, ?) ORDER BY task, queue, run_at LIMIT 1`

/** When the first waiting job becomes due. */
export function nextRunAt(books: Books, wanted: Wanted): number | undefined {
  const { connection } = books
  if (wanted.queues === 'all but paused') return nextOfLanes(books, wanted)
  const { queues } = wanted
  const instants =
    queues === 'all'
      ? wanted.tasks.map(task => connection.prepare<[number]>(NEXT_OF_TASK).get(task)?.[0])
      : wanted.tasks.flatMap(task =>
          queues.map(queue => connection.prepare<[number]>(NEXT_OF_LANE).get(task, queue)?.[0])
        )
  return least(instants)
}

/** Goes from lane to lane, since the lanes of a paused queue may have any number of jobs. */
function nextOfLanes({ connection, names }: Books, { tasks }: Wanted): number | undefined {
  const paused = new Set(connection.prepare<[string]>('SELECT queue FROM escapement_paused_queue').all().flat())
  const instants: number[] = []
  for (const task of tasks) {
    for (let queue = 0; ; queue++) {
      const row = connection.prepare<[number, number, number]>(NEXT_LANE).get(task, queue)
      if (row === undefined || row[0] !== task) break
      queue = row[1]
      if (!paused.has(names.textOf(queue))) instants.push(row[2])
    }
  }
  return least(instants)
}

const least = (instants: readonly (number | undefined)[]): number | undefined =>
  instants.reduce((least, at) => (least === undefined || (at !== undefined && at < least) ? at : least), undefined)

const HAS_SOLO = 'SELECT 1 FROM escapement_solo LIMIT 1'

export const hasSolo = ({ connection }: Books): boolean => connection.prepare(HAS_SOLO).get() !== undefined

/** Since when the first solo job waits; there are never many. */
export function soloSince({ connection }: Books, { condition, cells }: Wanted): number | undefined {
  const sql = `SELECT min(run_at) FROM escapement_solo WHERE ${condition}`
  return connection.prepare<[number | null]>(sql).get(...cells)![0] ?? undefined
}
