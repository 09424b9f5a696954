import type { DiscardSight, LaneSight, StartlessJob } from '../../../core/alerts/rules/books-seen.ts'
import type { Waiting } from '../../../store/alerts.ts'
import type { ReadSchedule } from '../../../store/schedules.ts'
import { type DiscardRow, discardOf } from '../../sql/alert-rows.ts'
import { type ReadScheduleRow, scheduleOf } from '../../sql/schedule-rows.ts'
import type { Books } from '../books.ts'
import { pausedQueues } from './queues.ts'
import { READ_SCHEDULE } from './reading.ts'

type Oldest = readonly [task: number, queue: number, runAt: number]

const READY = `
SELECT task, queue, min(run_at) FROM escapement_lane GROUP BY task, queue
UNION ALL SELECT task, queue, min(run_at) FROM escapement_solo GROUP BY task, queue`
// It leaps from lane to lane: a claim that nobody makes has moved no due job to where it is ready.
const NEXT_LANE = `
SELECT task, queue, run_at FROM escapement_job INDEXED BY escapement_job_waiting
WHERE state IN (0, 3) AND (task, queue) >= (?, ?) ORDER BY task, queue, run_at LIMIT 1`

export function readWaiting(books: Books): Waiting {
  const { connection, names, now } = books
  const at = now()
  const oldest = [...connection.prepare<Oldest>(READY).all(), ...oldestWaiting(books)]
  const lanes = new Map<string, LaneSight>()
  for (const [task, queue, runAt] of oldest) {
    const key = `${task} ${queue}`
    const known = lanes.get(key)?.runAt ?? Infinity
    if (runAt <= at && runAt < known) lanes.set(key, { task: names.textOf(task), queue: names.textOf(queue), runAt })
  }
  const byName = (a: LaneSight, b: LaneSight): number =>
    a.task === b.task ? (a.queue < b.queue ? -1 : 1) : a.task < b.task ? -1 : 1
  return { lanes: [...lanes.values()].sort(byName), pausedQueues: pausedQueues(books) }
}

function oldestWaiting({ connection }: Books): Oldest[] {
  const found: Oldest[] = []
  const next = connection.prepare<Oldest>(NEXT_LANE)
  for (let row = next.get(0, 0); row !== undefined; row = next.get(row[0], row[1] + 1)) found.push(row)
  return found
}

type StartlessRow = readonly [
  id: string,
  scheduleId: string,
  fireAt: number | null,
  runAt: number,
  task: number,
  queue: number
]

const STARTLESS = `
SELECT id, schedule_id, fire_at, run_at, task, queue FROM escapement_job AS job
WHERE schedule_id IS NOT NULL AND run_at < ? AND fence IS NULL AND NOT EXISTS (SELECT 1 FROM escapement_running WHERE id = job.id)
ORDER BY run_at, id LIMIT ?`

export const startlessJobs = ({ connection, names }: Books, before: number, limit: number): StartlessJob[] =>
  connection
    .prepare<StartlessRow>(STARTLESS)
    .all(before, limit)
    .map(([id, scheduleId, fireAt, runAt, task, queue]) => ({
      id,
      scheduleId,
      fireAt: fireAt ?? undefined,
      runAt,
      task: names.textOf(task),
      queue: names.textOf(queue)
    }))

const MISSED = `
SELECT schedule_id FROM escapement_ledger
WHERE outcome <> 'fired' AND (outcome = 'misfired' OR outcome = 'overlapped') AND decided_at >= ? ORDER BY decided_at DESC LIMIT ?`

export const schedulesThatMissed = ({ connection }: Books, from: number, limit: number): string[] => [
  ...new Set(connection.prepare<[string]>(MISSED).all(from, limit).flat())
]

type NumberedDiscard = readonly [
  id: string,
  task: number,
  scheduleId: string | null,
  fireAt: number | null,
  finishedAt: number,
  errors: string | null
]

const DISCARDED = `
SELECT id, task, schedule_id, fire_at, finished_at, errors FROM escapement_finished
WHERE drop_at IS NULL AND state = 6 AND finished_at >= ? ORDER BY finished_at DESC LIMIT ?`

export const discardedJobs = ({ connection, names }: Books, from: number, limit: number): DiscardSight[] =>
  connection
    .prepare<NumberedDiscard>(DISCARDED)
    .all(from, limit)
    .map(([id, task, ...rest]): DiscardSight => discardOf([id, names.textOf(task), ...rest] satisfies DiscardRow))

const ENDLESS = `
SELECT ${READ_SCHEDULE} FROM escapement_schedule WHERE phase = 'active' AND next_fire_at IS NULL ORDER BY id LIMIT ?`

export const endlessSchedules = ({ connection }: Books, limit: number): ReadSchedule[] =>
  connection.prepare<ReadScheduleRow>(ENDLESS).all(limit).map(scheduleOf)
