import { DELAYED } from '../../sql/codes.ts'
import type { Books } from '../books.ts'

// An available job is taken at any instant, so it needs no change.
const DELAYED_JOBS = `
UPDATE escapement_job SET run_at = run_at - (created_at - ?), created_at = ? WHERE state = 0 AND snoozed_at IS NULL AND origin = ${DELAYED} AND created_at > ?`
const SNOOZED_JOBS = `
UPDATE escapement_job SET run_at = run_at - (snoozed_at - ?), snoozed_at = ? WHERE state = 0 AND snoozed_at > ?`
const FAILED_JOBS = `
UPDATE escapement_job SET run_at = max(?, run_at - (json_extract(errors, '$[#-1].at') - ?)), errors = json_set(errors, '$[#-1].at', ?)
WHERE state = 3 AND json_extract(errors, '$[#-1].at') > ?`

export function hastenJobs({ connection, now }: Books, toleranceMs: number): number {
  const at = now()
  const delayed = connection.prepare(DELAYED_JOBS).run(at, at, at + toleranceMs)
  const failed = connection.prepare(FAILED_JOBS).run(at, at, at, at + toleranceMs)
  const snoozed = connection.prepare(SNOOZED_JOBS).run(at, at, at + toleranceMs)
  return Number(delayed.changes) + Number(snoozed.changes) + Number(failed.changes)
}
