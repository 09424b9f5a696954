import type { Job } from './job.ts'
import { MAX_KEPT_FAILURES } from './job.ts'
import { rescueFailure, stateAfterRescue } from './settle.ts'

/**
 * A job as other books take it in. A running job is freed as by a rescue. The rescue is not counted, since the job did
 * not cause the move.
 */
export function importedJob(job: Job, now: number): Job {
  if (job.state !== 'running') return job
  const state = stateAfterRescue({ ...job, rescues: 0 })
  if (state === 'available') return { ...job, state, node: undefined, claimedAt: undefined, startedAt: undefined }
  const errors = state === 'discarded' ? [...job.errors, rescueFailure(job, now)].slice(-MAX_KEPT_FAILURES) : job.errors
  return { ...job, state, finishedAt: now, errors }
}
