import type { JobState } from '../../../core/job.ts'
import type { QueueState, TaskBacklog } from '../../../store/reading.ts'
import { stateOf } from '../codes.ts'
import type { Books } from '../books.ts'

// Counted in the small tables and indexes that say where a job stands; the rows with the payloads are not read.
const WAITING = `
SELECT task, queue, 1, count(*) FROM ready GROUP BY task, queue
UNION ALL SELECT task, queue, 1, count(*) FROM suspect GROUP BY task, queue
UNION ALL SELECT task, queue, state, count(*) FROM job WHERE state IN (0, 3) GROUP BY task, queue, state`
const RUNNING = `
SELECT task, queue, 2, count(*) FROM running CROSS JOIN job ON job.id = running.id GROUP BY task, queue`
const PAUSED = 'SELECT queue, paused_at FROM paused_queue'

type CountRow = readonly [task: number, queue: number, state: number, count: number]

const countJobs = ({ connection }: Books): CountRow[] =>
  [WAITING, RUNNING].flatMap(sql => connection.prepare<CountRow>(sql).all())

/** Queues that have unfinished jobs, or are paused. */
export function listQueues(books: Books): QueueState[] {
  const paused = new Map(books.connection.prepare<[string, number]>(PAUSED).all())
  const counts = new Map<string, Partial<Record<JobState, number>>>()
  for (const queue of paused.keys()) counts.set(queue, {})
  for (const [, queueNumber, code, count] of countJobs(books)) {
    const queue = books.names.textOf(queueNumber)
    const ofQueue = counts.get(queue) ?? {}
    const state = stateOf(code)
    ofQueue[state] = (ofQueue[state] ?? 0) + count
    counts.set(queue, ofQueue)
  }
  return Array.from(counts, ([queue, ofQueue]) => ({ queue, pausedAt: paused.get(queue), counts: ofQueue })).sort(
    (a, b) => (a.queue < b.queue ? -1 : 1)
  )
}

/** Tasks that have unfinished jobs. */
export function taskBacklogs(books: Books): TaskBacklog[] {
  const waiting = new Map<string, number>()
  for (const [taskNumber, , code, count] of countJobs(books)) {
    const task = books.names.textOf(taskNumber)
    waiting.set(task, (waiting.get(task) ?? 0) + (stateOf(code) === 'running' ? 0 : count))
  }
  return Array.from(waiting, ([task, count]) => ({ task, waiting: count })).sort((a, b) => (a.task < b.task ? -1 : 1))
}
