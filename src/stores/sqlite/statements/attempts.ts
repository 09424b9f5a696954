import type { AttemptKey } from '../../../core/job/job.ts'
import type { StepResult } from '../../../store/jobs.ts'
import type { Books } from '../books.ts'

const START = 'UPDATE escapement_running SET started_at = coalesce(started_at, ?) WHERE id = ? AND fence = ?'
// The guard of the write (rule 7): the attempt must have a row in `running` with this fence.
const SAVE_PROGRESS = `
UPDATE escapement_job SET progress = ? WHERE id = ? AND EXISTS (SELECT 1 FROM escapement_running WHERE id = escapement_job.id AND fence = ?)`
const MARK_STEPPED =
  'UPDATE escapement_running SET is_plain = iif(is_plain = 1, 0, is_plain) WHERE id = ? AND fence = ?'
const COUNT_STEP = 'UPDATE escapement_job SET steps = steps + 1 WHERE id = ?'
const SAVE_STEP = `
INSERT INTO escapement_step (job_id, name, result) VALUES (?, ?, ?)
ON CONFLICT (job_id, name) DO UPDATE SET result = excluded.result`
const READ_STEPS = 'SELECT name, result FROM escapement_step WHERE job_id = ? ORDER BY number'

export const markStarted = ({ connection, now }: Books, { id, fence }: AttemptKey): boolean =>
  Number(connection.prepare(START).run(now(), id, fence).changes) > 0

export const saveProgress = ({ connection }: Books, { id, fence }: AttemptKey, progress: string): boolean =>
  Number(connection.prepare(SAVE_PROGRESS).run(progress, id, fence).changes) > 0

export function saveStep({ connection }: Books, { id, fence }: AttemptKey, step: StepResult): boolean {
  if (Number(connection.prepare(MARK_STEPPED).run(id, fence).changes) === 0) return false
  connection.prepare(COUNT_STEP).run(id)
  connection.prepare(SAVE_STEP).run(id, step.name, step.result)
  return true
}

export const readSteps = ({ connection }: Books, jobId: string): StepResult[] =>
  connection
    .prepare<[string, string]>(READ_STEPS)
    .all(jobId)
    .map(([name, result]) => ({ name, result }))
