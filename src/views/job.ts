import { type Dated, dated, type InMs } from '../core/dated.ts'
import { EscapementError } from '../core/errors.ts'
import { attemptsLimit, type Delivery, type Failure, type Job, type JobOrigin, type JobState } from '../core/job/job.ts'
import type { Store } from '../store/store.ts'

/** One failure of an attempt, as it is shown. */
export interface FailureView extends Dated<Failure> {}

/** A job as it is shown: instants as dates, payload, progress and result as values. */
export interface JobView {
  readonly id: string
  readonly task: string
  readonly queue: string
  readonly state: JobState
  /** -100 to 100. A lower number runs first. */
  readonly priority: number
  readonly origin: JobOrigin
  readonly delivery: Delivery
  /** The schedule that created it, if one did. */
  readonly scheduleId: string | undefined
  /** The fire time that it is for. */
  readonly fireAt: Date | undefined
  /** It did not run before this instant, or will not. */
  readonly runAt: Date
  readonly createdAt: Date
  /** When its latest attempt was claimed. */
  readonly claimedAt: Date | undefined
  /** When the handler of an at-most-once job was entered. */
  readonly startedAt: Date | undefined
  readonly finishedAt: Date | undefined
  readonly cancelRequestedAt: Date | undefined
  /** The node that runs it, or ran it last. */
  readonly node: string | undefined
  readonly uniqueKey: string | undefined
  /** How often it has failed. */
  readonly failures: number
  /** Failures until it is discarded. */
  readonly maxAttempts: number
  /** How often it was freed from a node that was lost. */
  readonly rescues: number
  /** How often its handler put it off, which counts as no attempt. */
  readonly snoozes: number
  readonly payload: unknown
  /** What its handler reported last. */
  readonly progress: unknown
  /** What its handler returned. */
  readonly result: unknown
  /** Newest last, at most 10. */
  readonly errors: readonly FailureView[]
}

/** The same with instants in milliseconds, for faces that write them as text. */
export function shownJob(job: Job): InMs<JobView> {
  const { id, task, queue, state, priority, origin, delivery, scheduleId, node, uniqueKey } = job
  const { fireAt, runAt, createdAt, claimedAt, startedAt, finishedAt, cancelRequestedAt } = job
  const { failures, maxAttempts, rescues, snoozes } = job
  return {
    id,
    task,
    queue,
    state,
    priority,
    origin,
    delivery,
    scheduleId,
    fireAt,
    runAt,
    createdAt,
    claimedAt,
    startedAt,
    finishedAt,
    cancelRequestedAt,
    node,
    uniqueKey,
    failures,
    maxAttempts: attemptsLimit(maxAttempts),
    rescues,
    snoozes,
    payload: valueOf(job.payload),
    progress: valueOf(job.progress),
    result: valueOf(job.result),
    errors: job.errors
  }
}

export function viewJob(job: Job): JobView {
  const shown = shownJob(job)
  return { ...dated(shown), errors: shown.errors.map(failure => dated(failure)) }
}

/** @throws EscapementError `job-unknown` */
export async function readShownJob(store: Store, id: string): Promise<InMs<JobView>> {
  const job = await store.readJob(id)
  if (job !== undefined) return shownJob(job)
  throw new EscapementError(
    'job-unknown',
    `There is no job with the id ${JSON.stringify(id)}; finished jobs are kept for a while only.`
  )
}

const valueOf = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text))
