import type { AttemptKey } from '../../../core/job/job.ts'
import type { Books } from '../books.ts'
import { outcomeCodes, stateCodes } from '../../sql/codes.ts'
import { JOB_COLUMNS, KEEP_MORE } from './finish.ts'
import { noteSuccess } from './health.ts'

/** The `is_plain` of an attempt whose job has something to be kept that `finished` has no columns for. */
export const HAS_MORE = 2
/** That of another attempt whose job belongs to a schedule, which has its health noted. */
export const OF_A_SCHEDULE = 3

// In all of these, the attempt's own row is the guard (rule 7): there is none with this fence unless the attempt runs.
const END_PLAIN = 'DELETE FROM escapement_running WHERE id = ? AND fence = ? AND is_plain = 1'
const KEEP = `
INSERT INTO escapement_finished
SELECT job.id, ${stateCodes.completed}, ${JOB_COLUMNS}, failures, rescues, steps, running.fence, ${outcomeCodes.completed}, progress, errors,
  node, claimed_at, started_at, cancel_requested_at, ?, ?, ? + keep_ms
FROM escapement_running AS running CROSS JOIN escapement_job AS job ON job.id = running.id WHERE running.id = ?`
const END_KEPT = `${KEEP} AND running.fence = ? AND keep_ms > 0 AND is_plain = 0`
const FIND = `
SELECT is_plain, claimed_at, keep_ms, schedule_id
FROM escapement_running AS running CROSS JOIN escapement_job AS job ON job.id = running.id WHERE running.id = ? AND running.fence = ?`
const DELETE_RUNNING = 'DELETE FROM escapement_running WHERE id = ?'
const DELETE_JOB = 'DELETE FROM escapement_job WHERE id = ?'
const DELETE_STEPS = 'DELETE FROM escapement_step WHERE job_id = ?'

/** Completes the job of an attempt. Returns false, and writes nothing, when the attempt is stale. */
export type Completer = (attempt: AttemptKey, result: string | undefined) => boolean

/** Most jobs of a batch are of one kind, so the statement that suited the last job is tried first on the next. */
export function completer(books: Books): Completer {
  const { connection, now } = books
  const endPlain = connection.prepare(END_PLAIN)
  const endKept = connection.prepare(END_KEPT)
  const deleteRunning = connection.prepare(DELETE_RUNNING)
  const deleteJob = connection.prepare(DELETE_JOB)
  const at = now()
  const dropPlain: Completer = ({ id, fence }) => {
    if (endPlain.run(id, fence).changes === 0) return false
    deleteJob.get(id)
    return true
  }
  const keep: Completer = ({ id, fence }, result) => {
    if (endKept.run(at, result ?? null, at, id, fence).changes === 0) return false
    deleteRunning.get(id)
    deleteJob.get(id)
    return true
  }
  let [likely, other] = [dropPlain, keep]
  return (attempt, result) => {
    if (likely(attempt, result)) return true
    if (completeOther(books, attempt, { result, at })) return true
    ;[likely, other] = [other, likely]
    return likely(attempt, result)
  }
}

type Found = readonly [isPlain: number, claimedAt: number, keepMs: number, scheduleId: string | null]

/** Of a job that is neither plain nor simply kept: it is looked at first. */
function completeOther(
  books: Books,
  { id, fence }: AttemptKey,
  { result, at }: { readonly result: string | undefined; readonly at: number }
): boolean {
  const { connection } = books
  const found = connection.prepare<Found>(FIND).get(id, fence)
  if (found === undefined) return false
  const [isPlain, claimedAt, keepMs, scheduleId] = found
  if (isPlain === 1 || (isPlain === 0 && keepMs > 0)) return false
  if (keepMs > 0) connection.prepare(KEEP).run(at, result ?? null, at, id)
  else connection.prepare(DELETE_STEPS).run(id)
  if (keepMs > 0 && isPlain === HAS_MORE) connection.prepare(KEEP_MORE).run(id)
  connection.prepare(DELETE_RUNNING).run(id)
  connection.prepare(DELETE_JOB).run(id)
  if (scheduleId !== null) noteSuccess(books, scheduleId, claimedAt, at)
  return true
}
