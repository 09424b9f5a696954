import type { Books } from '../books.ts'
import { stateCodes } from '../../sql/codes.ts'

/** How a job ended without success. Fields left out keep the value of the job's row. */
export interface Ending {
  readonly state: 'cancelled' | 'discarded'
  readonly finishedAt: number
  readonly fence?: number | undefined
  /** Code of the reported outcome. */
  readonly outcome?: number | undefined
  readonly node?: string | undefined
  readonly claimedAt?: number | null
  readonly startedAt?: number | null
  readonly cancelRequestedAt?: number | null
  /** The whole list as JSON. */
  readonly errors?: string | null
  readonly failures?: number
  readonly rescues?: number
}

/** What a job is created with, in the column order of `job` and `finished`. */
export const JOB_COLUMNS =
  'task, queue, priority, run_at, payload, unique_key, schedule_id, fire_at, origin, max_attempts, delivery, keep_ms, created_at'

const MOVE = `
INSERT INTO escapement_finished
SELECT id, ?, ${JOB_COLUMNS},
  coalesce(?, failures), coalesce(?, rescues), steps, coalesce(?, fence), iif(? IS NULL, outcome, ?), progress, coalesce(?, errors),
  ?, ?, ?, ?, ?, NULL, NULL
FROM escapement_job WHERE id = ?`
/** What finished jobs have no columns for. Only of those that have any of it. */
export const KEEP_MORE = `
INSERT OR REPLACE INTO escapement_finished_more (id, snoozes, task, unique_key, unique_until)
SELECT id, snoozes, iif(unique_until > 0, task, NULL), iif(unique_until > 0, unique_key, NULL), iif(unique_until > 0, unique_until, NULL)
FROM escapement_job WHERE id = ? AND (snoozes IS NOT NULL OR unique_until > 0)`
const DELETE_JOB = 'DELETE FROM escapement_job WHERE id = ?'

/** Moves an unsuccessful job to the finished ones. Its rows in other tables must already be gone. */
export function finish({ connection }: Books, id: string, ending: Ending): void {
  connection
    .prepare(MOVE)
    .run(
      stateCodes[ending.state],
      ending.failures ?? null,
      ending.rescues ?? null,
      ending.fence ?? null,
      ending.fence ?? null,
      ending.outcome ?? null,
      ending.errors ?? null,
      ending.node ?? null,
      ending.claimedAt ?? null,
      ending.startedAt ?? null,
      ending.cancelRequestedAt ?? null,
      ending.finishedAt,
      id
    )
  connection.prepare(KEEP_MORE).run(id)
  connection.prepare(DELETE_JOB).run(id)
}

const DELETE_FINISHED = 'DELETE FROM escapement_finished WHERE id = ?'
export const DELETE_MORE = 'DELETE FROM escapement_finished_more WHERE id = ?'
const DELETE_STEPS = 'DELETE FROM escapement_step WHERE job_id = ?'

/** Drops jobs and their steps. */
export function dropFinished({ connection }: Books, ids: readonly string[]): void {
  const deleteFinished = connection.prepare(DELETE_FINISHED)
  const deleteMore = connection.prepare(DELETE_MORE)
  const deleteSteps = connection.prepare(DELETE_STEPS)
  for (const id of ids) {
    deleteFinished.run(id)
    deleteMore.run(id)
    deleteSteps.run(id)
  }
}
