import type { By } from '../../core/access/by.ts'
import { EscapementError } from '../../core/errors.ts'
import { isFinished, type Job } from '../../core/job/job.ts'
import type { AnyTask } from '../../core/job/task.ts'
import type { EnqueueAnswer } from '../../store/jobs.ts'
import { onlyOnce } from '../job-refusals.ts'
import { type Order, orderOf } from './orders.ts'

/** How a finished job is tried again with another payload. */
export interface RetryWith {
  readonly payload: unknown
  /** Also one that is to run at most once. */
  readonly again: boolean
  readonly by: By
}

/**
 * A new job in the place of a finished one, which stays as it is: under the id of the old one, its idempotency key,
 * others may know another payload. It belongs to no schedule. The audit names both.
 *
 * @throws EscapementError `job-not-finished`, `job-at-most-once`, `payload-invalid`
 */
export function retryOrder(job: Job, task: AnyTask, { payload, again, by }: RetryWith): Order {
  const { id, state, delivery, queue, priority, uniqueKey } = job
  if (!isFinished(state))
    throw new EscapementError('job-not-finished', `The job ${id} is ${state}; only a finished job can be retried.`)
  if (delivery === 'at-most-once' && !again) throw onlyOnce(id)
  const key = uniqueKey === undefined ? {} : { uniqueKey }
  return { ...orderOf(task, payload, { queue, priority, by, ...key }), retries: job }
}

/** @throws EscapementError `job-not-finished` if another job holds its unique key */
export function retriedAs(job: Job, { id, outcome }: EnqueueAnswer): string {
  if (outcome === 'enqueued') return id
  throw new EscapementError(
    'job-not-finished',
    `The job ${job.id} cannot be retried: the job ${id} holds its unique key ${JSON.stringify(job.uniqueKey)}.`
  )
}
