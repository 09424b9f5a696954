import type { DiscardSight, StartlessJob } from '../../../core/alerts/rules/books-seen.ts'
import type { Waiting } from '../../../store/alerts.ts'
import type { ReadSchedule } from '../../../store/schedules.ts'
import { type DiscardRow, discardOf } from '../../sql/alert-rows.ts'
import { type ReadScheduleRow, scheduleOf } from '../../sql/schedule-rows.ts'
import type { Books, Statement } from '../sql.ts'
import { READ_SCHEDULE } from './schedules.ts'

// It leaps from place to place along the index, however many jobs stand in each.
const OLDEST: Statement = {
  text: `
WITH RECURSIVE first AS (
  (SELECT place, run_at FROM {books}.job WHERE place > 0 AND place <> 0 ORDER BY place, run_at, id LIMIT 1)
  UNION ALL SELECT next.* FROM first CROSS JOIN LATERAL (
    SELECT place, run_at FROM {books}.job WHERE place > first.place AND place <> 0 ORDER BY place, run_at, id LIMIT 1) AS next)
SELECT task, queue, min(run_at) FROM first JOIN {books}.lane ON lane.id = first.place / 2
WHERE run_at <= coalesce($1::bigint, {books}.now_ms()) GROUP BY task, queue ORDER BY task, queue`
}
const PAUSED: Statement = { text: 'SELECT queue, paused_at FROM {books}.paused_queue' }

export async function readWaiting({ database, now }: Books): Promise<Waiting> {
  const lanes = await database.query<[string, string, number]>(OLDEST, [now()])
  const pausedQueues = new Map(await database.query<[string, number]>(PAUSED))
  return { lanes: lanes.map(([task, queue, runAt]) => ({ task, queue, runAt })), pausedQueues }
}

type StartlessRow = readonly [
  id: string,
  scheduleId: string,
  fireAt: number | null,
  runAt: number,
  task: string,
  queue: string
]

const STARTLESS: Statement = {
  text: `
SELECT job.id, schedule_id, fire_at, run_at, lane.task, lane.queue FROM (
  SELECT id, schedule_id, fire_at, run_at, lane FROM {books}.job
  WHERE schedule_id IS NOT NULL AND run_at < $1 AND fence IS NULL ORDER BY run_at, id LIMIT $2) AS job
JOIN {books}.lane ON lane.id = job.lane ORDER BY run_at, job.id`
}

export const startlessJobs = async ({ database }: Books, before: number, limit: number): Promise<StartlessJob[]> =>
  (await database.query<StartlessRow>(STARTLESS, [before, limit])).map(
    ([id, scheduleId, fireAt, runAt, task, queue]) => {
      return { id, scheduleId, fireAt: fireAt ?? undefined, runAt, task, queue }
    }
  )

const MISSED: Statement = {
  text: `
SELECT schedule_id FROM {books}.ledger
WHERE outcome <> 'fired' AND outcome IN ('misfired', 'overlapped') AND decided_at >= $1 ORDER BY decided_at DESC LIMIT $2`
}

export const schedulesThatMissed = async ({ database }: Books, from: number, limit: number): Promise<string[]> => [
  ...new Set((await database.query<[string]>(MISSED, [from, limit])).flat())
]

const DISCARDED: Statement = {
  text: `
SELECT finished.id, lane.task, schedule_id, fire_at, finished_at, errors FROM {books}.finished JOIN {books}.lane ON lane.id = finished.lane
WHERE drop_at IS NULL AND state = 6 AND finished_at >= $1 ORDER BY finished_at DESC LIMIT $2`
}

export const discardedJobs = async ({ database }: Books, from: number, limit: number): Promise<DiscardSight[]> =>
  (await database.query<DiscardRow>(DISCARDED, [from, limit])).map(discardOf)

const ENDLESS: Statement = {
  text: `SELECT ${READ_SCHEDULE} FROM {books}.schedule WHERE phase = 'active' AND next_fire_at IS NULL ORDER BY id LIMIT $1`
}

export const endlessSchedules = async ({ database }: Books, limit: number): Promise<ReadSchedule[]> =>
  (await database.query<ReadScheduleRow>(ENDLESS, [limit])).map(scheduleOf)
