import type { InMs } from '../../core/dated.ts'
import { type JobView, readShownJob, shownJob } from '../../views/job.ts'
import { written } from '../../views/written.ts'
import type { EndpointHandlers } from '../handler.ts'

export const jobHandlers: EndpointHandlers<'listJobs' | 'getJob' | 'getJobContent'> = {
  listJobs: async ({ store, query: { limit, cursor, schedule: scheduleId, ...filter } }) => {
    const jobs = await store.listJobs({ ...filter, scheduleId }, { limit, cursor })
    return { items: jobs.items.map(job => outside(shownJob(job))), cursor: jobs.cursor ?? null }
  },
  getJob: async ({ store, parameters: { id } }) => outside(await readShownJob(store, id)),
  getJobContent: async ({ store, parameters: { id } }) => {
    const { task, payload, progress, result, errors } = await readShownJob(store, id)
    return {
      id,
      task,
      ...written({ payload, progress, result }),
      errors: errors.map(failure => ({ ...failure, at: written({ at: failure.at }).at }))
    }
  }
}

/** A job without what it holds. */
function outside(view: InMs<JobView>) {
  const { payload: _payload, progress: _progress, result: _result, errors, maxAttempts, ...job } = view
  const last = errors.at(-1)
  return {
    ...written(job),
    maxAttempts: Number.isFinite(maxAttempts) ? maxAttempts : null,
    lastError: last === undefined ? null : written({ attempt: last.attempt, at: last.at, message: last.message })
  }
}
