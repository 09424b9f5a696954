import type { AttemptKey } from '../../../core/job/job.ts'
import type { Books } from '../books.ts'
import { outcomeCodes, stateCodes } from '../../sql/codes.ts'
import { JOB_COLUMNS, KEEP_MORE } from './finish.ts'

/** The `is_plain` of an attempt whose job has something to be kept that `finished` has no columns for. */
export const HAS_MORE = 2

// In all four, the attempt's own row is the guard (rule 7): there is none with this fence unless the attempt runs.
const END_PLAIN = 'DELETE FROM escapement_running WHERE id = ? AND fence = ? AND is_plain = 1'
const END_KEPT = `
INSERT INTO escapement_finished
SELECT job.id, ${stateCodes.completed}, ${JOB_COLUMNS}, failures, rescues, steps, running.fence, ${outcomeCodes.completed}, progress, errors,
  node, claimed_at, started_at, cancel_requested_at, ?, ?, ? + keep_ms
FROM escapement_running AS running CROSS JOIN escapement_job AS job ON job.id = running.id WHERE running.id = ? AND running.fence = ? AND keep_ms > 0 AND is_plain <> ${HAS_MORE}`
// Of the few jobs that have what the finished ones have no columns for.
const END_WITH_MORE = END_KEPT.replace('<>', '=')
const END_STEPPED = 'DELETE FROM escapement_running WHERE id = ? AND fence = ?'
const DELETE_RUNNING = 'DELETE FROM escapement_running WHERE id = ?'
const DELETE_JOB = 'DELETE FROM escapement_job WHERE id = ?'
const DELETE_STEPS = 'DELETE FROM escapement_step WHERE job_id = ?'

/** Completes the job of an attempt. Returns false, and writes nothing, when the attempt is stale. */
export type Completer = (attempt: AttemptKey, result: string | undefined) => boolean

/** Most jobs of a batch are of one kind, so the statement that suited the last job is tried first on the next. */
export function completer({ connection, now }: Books): Completer {
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
  const dropWithSteps: Completer = ({ id, fence }) => {
    if (connection.prepare(END_STEPPED).run(id, fence).changes === 0) return false
    deleteJob.get(id)
    connection.prepare(DELETE_STEPS).run(id)
    return true
  }
  const keepMore: Completer = ({ id, fence }, result) => {
    if (connection.prepare(END_WITH_MORE).run(at, result ?? null, at, id, fence).changes === 0) return false
    deleteRunning.get(id)
    connection.prepare(KEEP_MORE).run(id)
    deleteJob.get(id)
    return true
  }
  let [likely, other] = [dropPlain, keep]
  return (attempt, result) => {
    if (likely(attempt, result)) return true
    ;[likely, other] = [other, likely]
    // Last, because it takes any remaining attempt: one that is not plain and whose job is not kept.
    return likely(attempt, result) || keepMore(attempt, result) || dropWithSteps(attempt, result)
  }
}
