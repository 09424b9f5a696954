import type { Failure, Job } from '../../../core/job/job.ts'
import { deliveryOf, originOf, stateOf } from '../../sql/codes.ts'

/**
 * The state of an unfinished job at `clock.now`: a waiting job that is due is available, whether or not a claim has
 * seen it.
 */
export const UNFINISHED_STATE = 'CASE WHEN job.place < 0 THEN 2 WHEN job.run_at <= clock.now THEN 1 ELSE job.state END'

const COMMON = `job.id, lane.task, lane.queue, lane.priority, job.run_at, job.payload, job.unique_key, job.schedule_id, job.fire_at, job.origin,
  job.max_attempts, job.delivery, job.keep_ms, job.created_at, job.failures, job.rescues, job.fence, job.claimed_at, job.started_at,
  job.cancel_requested_at, job.progress, job.errors`
const nodeOf = (runner: string): string => `(SELECT node FROM {books}.runner WHERE id = ${runner})`
export const LANE = 'JOIN {books}.lane ON lane.id = job.lane'

/** Both kinds of jobs as rows; join `clock` to the first. A finished one is called `job` as well. */
export const UNFINISHED = {
  columns: `${COMMON}, ${UNFINISHED_STATE}, ${nodeOf('-job.place')}, NULL::bigint, NULL::text, job.snoozes,
    CASE WHEN job.place > 0 AND job.state = 0 AND job.run_at > clock.now THEN job.snoozed_at END, job.unique_until`,
  from: `{books}.unfinished AS job ${LANE}`
}
export const FINISHED = {
  columns: `${COMMON}, job.state, ${nodeOf('job.runner')}, job.finished_at, job.result, job.snoozes, NULL::bigint, job.unique_until`,
  from: `{books}.finished AS job ${LANE}`
}

export type JobRow = readonly [
  id: string,
  task: string,
  queue: string,
  priority: number,
  runAt: number,
  payload: string,
  uniqueKey: string | null,
  scheduleId: string | null,
  fireAt: number | null,
  origin: number,
  maxAttempts: number,
  delivery: number,
  keepMs: number,
  createdAt: number,
  failures: number,
  rescues: number,
  fence: number | null,
  claimedAt: number | null,
  startedAt: number | null,
  cancelRequestedAt: number | null,
  progress: string | null,
  errors: string | null,
  state: number,
  node: string | null,
  finishedAt: number | null,
  result: string | null,
  snoozes: number | null,
  snoozedAt: number | null,
  uniqueUntil: number | null
]

export const jobOf = (row: JobRow): Job => ({
  id: row[0],
  task: row[1],
  queue: row[2],
  priority: row[3],
  runAt: row[4],
  payload: row[5],
  uniqueKey: row[6] ?? undefined,
  scheduleId: row[7] ?? undefined,
  fireAt: row[8] ?? undefined,
  origin: originOf(row[9]),
  maxAttempts: row[10],
  delivery: deliveryOf(row[11]),
  keepMs: row[12],
  createdAt: row[13],
  failures: row[14],
  rescues: row[15],
  fence: row[16] ?? undefined,
  claimedAt: row[17] ?? undefined,
  startedAt: row[18] ?? undefined,
  cancelRequestedAt: row[19] ?? undefined,
  progress: row[20] ?? undefined,
  errors: row[21] === null ? [] : (JSON.parse(row[21]) as Failure[]),
  state: stateOf(row[22]),
  node: row[23] ?? undefined,
  finishedAt: row[24] ?? undefined,
  result: row[25] ?? undefined,
  snoozes: row[26] ?? 0,
  snoozedAt: row[27] ?? undefined,
  uniqueUntil: row[28] ?? undefined
})
