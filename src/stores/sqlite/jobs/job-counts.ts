import { setImmediate as nextTurn } from 'node:timers/promises'
import type { JobState } from '../../../core/job/job.ts'
import type { QueueState, TaskBacklog } from '../../../store/reading.ts'
import type { Access } from '../connection/access.ts'
import { stateOf } from '../../sql/codes.ts'
import { countSlice, pausedQueues, startOfCount } from '../statements/queues.ts'
import type { Count, CountCursor } from '../statements/queues.ts'

/**
 * Queues that have unfinished jobs or are paused. Counting a large backlog takes many turns of the event loop. Jobs
 * that move meanwhile may be counted twice or not at all.
 */
export async function listQueues(access: Access): Promise<QueueState[]> {
  const counts = await countJobs(access)
  const paused = await access.read(pausedQueues)
  const { names } = access.books
  const byQueue = new Map<string, Partial<Record<JobState, number>>>(Array.from(paused.keys(), queue => [queue, {}]))
  for (const [, number, code, jobs] of counts) {
    const queue = names.textOf(number)
    const ofQueue = byQueue.get(queue) ?? {}
    const state = stateOf(code)
    ofQueue[state] = (ofQueue[state] ?? 0) + jobs
    byQueue.set(queue, ofQueue)
  }
  const states = Array.from(byQueue, ([queue, ofQueue]) => ({ queue, pausedAt: paused.get(queue), counts: ofQueue }))
  return states.sort((a, b) => (a.queue < b.queue ? -1 : 1))
}

/** Tasks that have unfinished jobs, counted as in {@link listQueues}. */
export async function taskBacklogs(access: Access): Promise<TaskBacklog[]> {
  const counts = await countJobs(access)
  const { names } = access.books
  const waiting = new Map<string, number>()
  for (const [number, , code, jobs] of counts) {
    const task = names.textOf(number)
    waiting.set(task, (waiting.get(task) ?? 0) + (stateOf(code) === 'running' ? 0 : jobs))
  }
  return Array.from(waiting, ([task, count]) => ({ task, waiting: count })).sort((a, b) => (a.task < b.task ? -1 : 1))
}

async function countJobs(access: Access): Promise<Count[]> {
  const all: Count[] = []
  let cursor: CountCursor | undefined = startOfCount
  while (cursor !== undefined) {
    const from: CountCursor = cursor
    const { counts, next } = await access.readSnapshot(books => countSlice(books, from))
    all.push(...counts)
    cursor = next
    if (cursor !== undefined && cursor.place === from.place) await nextTurn()
  }
  return all
}
