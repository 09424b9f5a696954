import { EscapementError } from '../../core/errors.ts'
import { describe } from '../../core/options/names.ts'
import type { EnqueueOptions } from '../../operations/enqueue/enqueue-options.ts'
import { unknownJob } from '../../operations/job-refusals.ts'
import type { JobUpdate } from '../../operations/job-update.ts'
import { isAlive } from '../../store/nodes.ts'
import type { Store } from '../../store/store.ts'
import type { InMs } from '../../core/dated.ts'
import { type JobView, readShownJob, shownJob } from '../../views/job.ts'
import { searchedView, timeOfId } from '../../views/searched.ts'
import { written } from '../../views/written.ts'
import type { EndpointHandlers } from '../handler.ts'

type JobEndpoints =
  | 'listJobs'
  | 'enqueueJob'
  | 'getJob'
  | 'getJobContent'
  | 'retryJob'
  | 'cancelJob'
  | 'updateJob'
  | 'deleteJob'

export const jobHandlers: EndpointHandlers<JobEndpoints> = {
  listJobs: async ({ store, mayContinue, query: { limit, cursor, schedule: scheduleId, ...filter } }) => {
    const jobs = await store.listJobs({ ...filter, scheduleId }, { limit, cursor, mayContinue })
    return searchedView(jobs, job => outside(shownJob(job)), timeOfId)
  },
  enqueueJob: async ({ store, writes, body, by }) => {
    const { task, payload, mayWait, reason: _, ...options } = body
    if (!mayWait) await assertRun(store, task)
    return writes.enqueue(task, payload, { ...(options as EnqueueOptions), by })
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
  retryJob: async ({ store, operator, writes, parameters: { id }, body, by }) => {
    if ('payload' in body) {
      const job = await store.readJob(id)
      if (job === undefined) throw unknownJob(id)
      const { payload, again } = body
      return outside(await readShownJob(store, await writes.retryWith(job, { payload, again, by })))
    }
    await operator.retry(id, { again: body.again, by })
    return outside(await readShownJob(store, id))
  },
  cancelJob: async ({ store, operator, parameters: { id }, by }) => {
    const answer = await operator.cancel(id, { by })
    if (answer === 'finished') throw new EscapementError('job-finished', `The job ${id} has finished.`)
    return outside(await readShownJob(store, id))
  },
  updateJob: async ({ store, writes, parameters: { id }, body, by }) => {
    const { reason: _, ...update } = body
    await writes.updateJob(id, update as JobUpdate, { by })
    return outside(await readShownJob(store, id))
  },
  deleteJob: async ({ operator, parameters: { id }, by }) => {
    await operator.delete(id, { by })
    return { id }
  }
}

/** Refuses a job that nobody would run: its task is probably misspelled, or of a process that is down. */
async function assertRun(store: Store, task: string): Promise<void> {
  const nodes = await store.listNodes()
  if (nodes.some(node => isAlive(node) && node.roles.includes('worker') && node.tasks.includes(task))) return
  throw new EscapementError(
    'task-not-run',
    `No live process runs jobs of the task ${describe(task)}. With mayWait the job is kept until one does.`
  )
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
