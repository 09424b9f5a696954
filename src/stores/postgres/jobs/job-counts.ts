import type { JobState } from '../../../core/job/job.ts'
import type { QueueState, TaskBacklog } from '../../../store/reading.ts'
import { stateOf } from '../../sql/codes.ts'
import type { Books, Statement } from '../sql.ts'

/** Counting a million jobs takes a fraction of a second, tens of millions a few seconds. */
const LIMIT_MS = 60_000
/**
 * Waiting jobs are counted in the index of places alone, where it is free of dead rows. A job that waits for a future
 * time counts as `scheduled`, unless the small index of `retryable` jobs has it.
 */
const COUNT: Statement = {
  limitMs: LIMIT_MS,
  text: `
WITH clock AS MATERIALIZED (SELECT coalesce($1::bigint, {books}.now_ms()) AS now),
waiting AS MATERIALIZED (
  SELECT place / 2 AS lane, count(*) AS jobs, count(*) FILTER (WHERE run_at > (SELECT now FROM clock)) AS later
  FROM {books}.job WHERE place > 0 GROUP BY place),
retryable AS MATERIALIZED (
  SELECT place / 2 AS lane, count(*) AS jobs FROM {books}.job WHERE place > 0 AND state = 3 AND run_at > (SELECT now FROM clock) GROUP BY place)
SELECT lane.task, lane.queue, state, sum(jobs)::bigint FROM (
  SELECT lane, 2 AS state, count(*) AS jobs FROM {books}.unfinished WHERE place < 0 GROUP BY lane
  UNION ALL SELECT lane, 1, jobs - later FROM waiting
  UNION ALL SELECT lane, 0, later FROM waiting
  UNION ALL SELECT lane, 0, -jobs FROM retryable
  UNION ALL SELECT lane, 3, jobs FROM retryable) AS counts
JOIN {books}.lane ON lane.id = counts.lane
GROUP BY lane.task, lane.queue, state HAVING sum(jobs) > 0`
}
const PAUSED: Statement = { text: 'SELECT queue, paused_at FROM {books}.paused_queue' }

type Count = readonly [task: string, queue: string, state: number, jobs: number]

/** Queues that have unfinished jobs, or are paused. */
export async function listQueues({ database, now }: Books): Promise<QueueState[]> {
  const counts = await database.query<Count>(COUNT, [now()])
  const paused = new Map(await database.query<[string, number]>(PAUSED))
  const byQueue = new Map<string, Partial<Record<JobState, number>>>(Array.from(paused.keys(), queue => [queue, {}]))
  for (const [, queue, code, jobs] of counts) {
    const ofQueue = byQueue.get(queue) ?? {}
    const state = stateOf(code)
    ofQueue[state] = (ofQueue[state] ?? 0) + jobs
    byQueue.set(queue, ofQueue)
  }
  const states = Array.from(byQueue, ([queue, ofQueue]) => ({ queue, pausedAt: paused.get(queue), counts: ofQueue }))
  return states.sort((a, b) => (a.queue < b.queue ? -1 : 1))
}

/** Tasks that have unfinished jobs. */
export async function taskBacklogs({ database, now }: Books): Promise<TaskBacklog[]> {
  const waiting = new Map<string, number>()
  for (const [task, , code, jobs] of await database.query<Count>(COUNT, [now()]))
    waiting.set(task, (waiting.get(task) ?? 0) + (stateOf(code) === 'running' ? 0 : jobs))
  return Array.from(waiting, ([task, count]) => ({ task, waiting: count })).sort((a, b) => (a.task < b.task ? -1 : 1))
}
