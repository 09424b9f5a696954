import { EscapementError } from '../core/errors.ts'
import { attemptsLimit, type Job } from '../core/job/job.ts'
import type { Store } from '../store/store.ts'

type AsItIs =
  | 'id'
  | 'task'
  | 'queue'
  | 'state'
  | 'priority'
  | 'origin'
  | 'delivery'
  | 'fireAt'
  | 'runAt'
  | 'createdAt'
  | 'claimedAt'
  | 'startedAt'
  | 'finishedAt'
  | 'cancelRequestedAt'
  | 'node'
  | 'uniqueKey'
  | 'failures'
  | 'maxAttempts'
  | 'rescues'
  | 'snoozes'
  | 'errors'

/** A job as it is shown: payload, progress and result as values. */
export interface JobView extends Pick<Job, AsItIs> {
  readonly schedule: string | undefined
  readonly payload: unknown
  readonly progress: unknown
  readonly result: unknown
}

export function viewJob(job: Job): JobView {
  return {
    id: job.id,
    task: job.task,
    queue: job.queue,
    state: job.state,
    priority: job.priority,
    origin: job.origin,
    delivery: job.delivery,
    schedule: job.scheduleId,
    fireAt: job.fireAt,
    runAt: job.runAt,
    createdAt: job.createdAt,
    claimedAt: job.claimedAt,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    cancelRequestedAt: job.cancelRequestedAt,
    node: job.node,
    uniqueKey: job.uniqueKey,
    failures: job.failures,
    maxAttempts: attemptsLimit(job.maxAttempts),
    rescues: job.rescues,
    snoozes: job.snoozes,
    payload: valueOf(job.payload),
    progress: valueOf(job.progress),
    result: valueOf(job.result),
    errors: job.errors
  }
}

/** @throws EscapementError `job-unknown` */
export async function readJobView(store: Store, id: string): Promise<JobView> {
  const job = await store.readJob(id)
  if (job !== undefined) return viewJob(job)
  throw new EscapementError(
    'job-unknown',
    `There is no job with the id ${JSON.stringify(id)}; finished jobs are kept for a while only.`
  )
}

const valueOf = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text))
