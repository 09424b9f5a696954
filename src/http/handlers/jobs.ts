import { EscapementError } from '../../core/errors.ts'
import type { InMs } from '../../core/dated.ts'
import { type JobView, readShownJob, shownJob } from '../../views/job.ts'
import { searchedView, timeOfId } from '../../views/searched.ts'
import { written } from '../../views/written.ts'
import type { EndpointHandlers } from '../handler.ts'

type JobEndpoints = 'listJobs' | 'getJob' | 'getJobContent' | 'retryJob' | 'cancelJob' | 'updateJob' | 'deleteJob'

export const jobHandlers: EndpointHandlers<JobEndpoints> = {
  listJobs: async ({ store, mayContinue, query: { limit, cursor, schedule: scheduleId, ...filter } }) => {
    const jobs = await store.listJobs({ ...filter, scheduleId }, { limit, cursor, mayContinue })
    return searchedView(jobs, job => outside(shownJob(job)), timeOfId)
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
  },
  retryJob: async ({ store, operator, parameters: { id }, body, by }) => {
    await operator.retry(id, { again: body.again, by })
    return outside(await readShownJob(store, id))
  },
  cancelJob: async ({ store, operator, parameters: { id }, by }) => {
    const answer = await operator.cancel(id, { by })
    if (answer === 'finished') throw new EscapementError('job-finished', `The job ${id} has finished.`)
    return outside(await readShownJob(store, id))
  },
  updateJob: async ({ store, operator, parameters: { id }, body: { runAt, priority }, by }) => {
    await operator.change(id, { runAt, priority }, { by })
    return outside(await readShownJob(store, id))
  },
  deleteJob: async ({ operator, parameters: { id }, by }) => {
    await operator.delete(id, { by })
    return { id }
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
