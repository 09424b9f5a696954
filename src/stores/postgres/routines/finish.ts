import { HEALTH_COLUMNS } from '../../sql/health-rows.ts'

const columns =
  'id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result, snoozes, unique_task, unique_until'

/** The columns of a finished job that differ from its row in `job`. */
type Ending = { readonly [column: string]: string }

/** Cancelled and discarded jobs have no result, and are all kept equally long. */
export const unsuccessful = { finished_at: 'now_at', drop_at: 'NULL', result: 'NULL' } as const

/** A finished job holds its unique key only as long as its own instant says. */
const kept: Ending = { unique_task: 'CASE WHEN unique_until > 0 THEN unique_task END' }

/** Moves rows that were removed from `job` to `finished`. */
export function moveToFinished(from: string, ending: Ending): string {
  const values = columns.split(', ').map(column => ending[column] ?? kept[column] ?? column)
  return `INSERT INTO finished (${columns}) SELECT ${values.join(', ')} FROM ${from}`
}

/**
 * Notes the successes of jobs that were removed from `job`, of each schedule the last one. It reads all of them before
 * it writes: so all locks of jobs come before those of health, and the latter in the order of the schedules.
 */
export const noteSuccesses = (from: string): string => `
    INSERT INTO health (${HEALTH_COLUMNS})
    SELECT DISTINCT ON (schedule_id) schedule_id, now_at, now_at, 0, greatest(0, now_at - claimed_at)
    FROM ${from} WHERE schedule_id IS NOT NULL ORDER BY schedule_id, id DESC
    ON CONFLICT (schedule_id) DO UPDATE SET last_finished_at = excluded.last_finished_at, last_success_at = excluded.last_success_at,
      failures = 0, last_duration_ms = excluded.last_duration_ms`

/**
 * The same of jobs that are retried (state 3), cancelled (5) or discarded (6). A failure is one that is not asked for.
 * `state` is their new one.
 */
export const noteOtherEnds = (from: string, state: string): string => `
    INSERT INTO health (schedule_id, last_finished_at, failures)
    SELECT schedule_id, max(CASE WHEN ${state} <> 3 THEN now_at END), count(*) FILTER (WHERE ${state} <> 5)
    FROM ${from} WHERE schedule_id IS NOT NULL GROUP BY schedule_id ORDER BY schedule_id
    ON CONFLICT (schedule_id) DO UPDATE SET last_finished_at = coalesce(excluded.last_finished_at, health.last_finished_at),
      failures = health.failures + excluded.failures`
