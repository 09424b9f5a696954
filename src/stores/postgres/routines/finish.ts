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
