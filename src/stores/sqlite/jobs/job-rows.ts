import type { Failure, Job } from '../../../core/job/job.ts'
import { deliveryOf, originOf, stateOf } from '../../sql/codes.ts'
import type { Names } from './names.ts'

const COMMON = `job.id, task, queue, priority, run_at AS runAt, payload, unique_key AS uniqueKey, schedule_id AS scheduleId, fire_at AS fireAt,
origin, max_attempts AS maxAttempts, delivery, keep_ms AS keepMs, created_at AS createdAt, failures, rescues, progress, errors, node,
claimed_at AS claimedAt, started_at AS startedAt, cancel_requested_at AS cancelRequestedAt`

const OF_JOB =
  'ifnull(snoozes, 0) AS snoozes, iif(state = 0, snoozed_at, NULL) AS snoozedAt, unique_until AS uniqueUntil'

/** An unfinished job and its attempt, if one runs. */
export const UNFINISHED = `
SELECT ${COMMON}, iif(running.id IS NULL, state, 2) AS state, coalesce(running.fence, job.fence) AS fence, NULL AS finishedAt, NULL AS result,
${OF_JOB}
FROM escapement_job AS job LEFT JOIN escapement_running AS running ON running.id = job.id`

/** Like {@link UNFINISHED}, but only running ones, found through their attempts. */
export const RUNNING = `
SELECT ${COMMON}, 2 AS state, running.fence, NULL AS finishedAt, NULL AS result, ${OF_JOB} FROM escapement_running AS running CROSS JOIN escapement_job AS job ON job.id = running.id`

export const FINISHED = `SELECT ${COMMON}, state, fence, finished_at AS finishedAt, result,
  ifnull((SELECT snoozes FROM escapement_finished_more WHERE id = job.id), 0) AS snoozes, NULL AS snoozedAt,
  (SELECT unique_until FROM escapement_finished_more WHERE id = job.id) AS uniqueUntil
FROM escapement_finished AS job`

type Coded = 'task' | 'queue' | 'origin' | 'delivery' | 'state'
type Plain = Omit<Job, Coded | 'errors'>

/** A job as the three statements above select it. */
export type JobRecord = {
  readonly [Key in keyof Plain]: undefined extends Plain[Key] ? Exclude<Plain[Key], undefined> | null : Plain[Key]
} & {
  readonly [Key in Coded]: number
} & { readonly errors: string | null }

export function jobOf(names: Names, { task, queue, origin, delivery, state, errors, ...plain }: JobRecord): Job {
  return {
    ...(Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, value ?? undefined])) as unknown as Plain),
    task: names.textOf(task),
    queue: names.textOf(queue),
    origin: originOf(origin),
    delivery: deliveryOf(delivery),
    state: stateOf(state),
    errors: errors === null ? [] : (JSON.parse(errors) as Failure[])
  }
}
