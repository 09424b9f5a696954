import type { AttemptKey } from '../../../core/job/job.ts'
import type { StepResult } from '../../../store/jobs.ts'
import type { Books, Statement } from '../sql.ts'
import { isPacked, unpack } from './unpack.ts'

// The guard of every write of an attempt, on the row itself: this job, this fence, still running (rule 7). The sum
// hides the place from the planner, which might otherwise use the index of places. These statements are not prepared: a
// plan made while the table was empty would read all of a full one.
const IS_CURRENT = 'id = $1 AND fence = $2 AND place + 0 < 0'
const START: Statement = {
  text: `
UPDATE {books}.job SET started_at = coalesce(started_at, $3::bigint, {books}.now_ms()) WHERE ${IS_CURRENT} RETURNING 1`
}
const SAVE_PROGRESS: Statement = { text: `UPDATE {books}.job SET progress = $3 WHERE ${IS_CURRENT} RETURNING 1` }
const SAVE_STEP: Statement = {
  text: `
WITH attempt AS (UPDATE {books}.job SET steps = steps + 1 WHERE ${IS_CURRENT} RETURNING id)
INSERT INTO {books}.step (job_id, name, result) SELECT id, $3, $4 FROM attempt
ON CONFLICT (job_id, name) DO UPDATE SET result = excluded.result RETURNING 1`
}
const READ_STEPS: Statement = {
  name: 'read_steps',
  text: 'SELECT name, result FROM {books}.step WHERE job_id = $1 ORDER BY number'
}

export const markStarted = (books: Books, { id, fence }: AttemptKey): Promise<boolean> =>
  isWritten(books, START, [id, fence, books.now()])

export const saveProgress = (books: Books, { id, fence }: AttemptKey, progress: string): Promise<boolean> =>
  isWritten(books, SAVE_PROGRESS, [id, fence, progress])

export const saveStep = (books: Books, { id, fence }: AttemptKey, { name, result }: StepResult): Promise<boolean> =>
  isWritten(books, SAVE_STEP, [id, fence, name, result])

/** A packed attempt has no row until it is unpacked, by this call or by another at the same time. */
async function isWritten(
  books: Books,
  statement: Statement,
  values: readonly [id: string, fence: number, ...unknown[]]
): Promise<boolean> {
  const isFound = async (): Promise<boolean> => (await books.database.query(statement, values)).length > 0
  const [id, fence] = values
  if (await isFound()) return true
  if (!isPacked({ fence })) return false
  await unpack(books, [{ id, fence }])
  return isFound()
}

export async function readSteps({ database }: Books, jobId: string): Promise<StepResult[]> {
  const rows = await database.query<[string, string]>(READ_STEPS, [jobId])
  return rows.map(([name, result]) => ({ name, result }))
}
