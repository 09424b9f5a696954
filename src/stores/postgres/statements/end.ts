import type { Failure } from '../../../core/job/job.ts'
import { MAX_KEPT_FAILURES } from '../../../core/job/job.ts'
import type { JobState } from '../../../core/job/job.ts'
import type { RunningJob } from '../../../core/job/settle.ts'
import { deliveryOf, stateCodes } from '../../sql/codes.ts'
import type { Books, Statement } from '../sql.ts'

/** A running job, read without a lock to decide how its attempt ends. */
export interface Running extends RunningJob {
  readonly id: string
  readonly fence: number
  readonly lane: number
  readonly runAt: number
  readonly failures: number
  readonly snoozes: number
  readonly errors: readonly Failure[]
}

export type RunningRow = readonly [
  id: string,
  fence: number,
  lane: number,
  runAt: number,
  failures: number,
  rescues: number,
  delivery: number,
  startedAt: number | null,
  cancelRequestedAt: number | null,
  errors: string | null,
  snoozes: number | null
]

export const RUNNING_COLUMNS =
  'job.id, job.fence, job.lane, job.run_at, job.failures, job.rescues, job.delivery, job.started_at, job.cancel_requested_at, job.errors, job.snoozes'

export const runningOf = (row: RunningRow): Running => ({
  id: row[0],
  fence: row[1],
  lane: row[2],
  runAt: row[3],
  failures: row[4],
  rescues: row[5],
  delivery: deliveryOf(row[6]),
  startedAt: row[7] ?? undefined,
  cancelRequestedAt: row[8] ?? undefined,
  errors: row[9] === null ? [] : (JSON.parse(row[9]) as Failure[]),
  snoozes: row[10] ?? 0
})

/** What happens to a running job whose attempt ends without success. */
export interface Ending {
  readonly job: Running
  readonly state: Exclude<JobState, 'running' | 'completed'>
  readonly runAt: number
  readonly failures: number
  readonly rescues: number
  /** Only if the attempt has put it off. */
  readonly snoozes?: number
  readonly failure: Failure | undefined
  /** Code of the reported outcome; undefined: none was reported. */
  readonly reported: number | undefined
}

export const END: Statement = { name: 'end_attempts', text: 'SELECT * FROM {books}.end_attempts($1, $2)' }
/** Fails with a lock's time-out where it would have to wait for another transaction. */
export const END_SOON: Statement = {
  name: 'end_attempts_soon',
  text: 'SELECT * FROM {books}.end_attempts_soon($1, $2)'
}

/**
 * Writes the endings in the order of their ids, to avoid deadlocks. Returns those that were written. An attempt that is
 * no longer the current one, or has changed since it was read, is not written.
 */
export async function endAttempts(
  books: Books,
  endings: readonly Ending[],
  statement: Statement = END
): Promise<readonly Ending[]> {
  if (endings.length === 0) return []
  const inOrder = endings.toSorted((a, b) => (a.job.id < b.job.id ? -1 : 1))
  const rows = await books.database.query<[string]>(statement, [JSON.stringify(inOrder.map(rowOf)), books.now()])
  const written = new Set(rows.map(([id]) => id))
  const ended = endings.filter(({ job }) => written.has(job.id))
  for (const { job, state, runAt, rescues } of ended)
    if (state === 'available' && rescues === 0) books.floors.lower({ place: 2 * job.lane, run_at: runAt, id: job.id })
  return ended
}

const rowOf = ({ job, state, runAt, failures, rescues, snoozes, failure, reported }: Ending) => ({
  id: job.id,
  fence: job.fence,
  seen_started_at: job.startedAt,
  seen_cancel_requested_at: job.cancelRequestedAt,
  next_state: stateCodes[state],
  next_run_at: runAt,
  next_failures: failures,
  next_rescues: rescues,
  next_errors: errorsOf(job.errors, failure),
  next_snoozes: snoozes,
  reported
})

function errorsOf(kept: readonly Failure[], failure: Failure | undefined): string | undefined {
  const errors = failure === undefined ? kept : [...kept, failure].slice(-MAX_KEPT_FAILURES)
  return errors.length === 0 ? undefined : JSON.stringify(errors)
}
