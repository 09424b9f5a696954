const columns =
  'id, run_at, created_at, keep_ms, fence, claimed_at, started_at, cancel_requested_at, fire_at, finished_at, drop_at, lane, runner, max_attempts, failures, rescues, steps, state, origin, delivery, outcome, payload, unique_key, schedule_id, progress, errors, result'

/** Each column of a finished job that is not as its row in `job` was. */
type Ending = { readonly [column: string]: string }

/** A cancelled or discarded job is kept as long as all of its kind, and has no result. */
export const unsuccessful = { finished_at: 'now_at', drop_at: 'NULL', result: 'NULL' } as const

/** Moves rows that were taken out of `job` to `finished`. */
export function moveToFinished(from: string, ending: Ending): string {
  const values = columns.split(', ').map(column => ending[column] ?? column)
  return `INSERT INTO finished (${columns}) SELECT ${values.join(', ')} FROM ${from}`
}
