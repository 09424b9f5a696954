import { type Dated, dated, type InMs } from '../core/dated.ts'
import { type Codecs, unsealedValue, unsealFailure } from '../core/payload/codec.ts'
import type { JsonValue } from '../core/options/json.ts'
import { isSealed, SEAL_KEY } from '../core/payload/sealed.ts'
import { EscapementError } from '../core/errors.ts'
import { attemptsLimit, type Delivery, type Failure, type Job, type JobOrigin, type JobState } from '../core/job/job.ts'
import type { Store } from '../store/store.ts'
import { readRedactions, redactedJob } from './redactions.ts'

/** What is shown of a value that a codec has sealed. */
export interface SealedView {
  /** The name of the codec. */
  readonly sealed: string
  /** It was to be decoded, and could not be: the codec is missing here, or its key. */
  readonly isUnreadable?: true
}

/** One failure of an attempt, as it is shown. */
export interface FailureView extends Dated<Omit<Failure, 'sealed'>> {
  /** The name of the codec that has sealed its message, its stack and the errors behind it. */
  readonly sealed?: string
}

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
  /** This, `progress` and `result` are a {@link SealedView} if a codec has sealed them and they are not decoded here. */
  readonly payload: unknown
  /** What its handler reported last. */
  readonly progress: unknown
  /** What its handler returned. */
  readonly result: unknown
  /** Newest last, at most 10. */
  readonly errors: readonly FailureView[]
}

/**
 * The same with instants in milliseconds, for faces that write them as text. What is sealed stays so, unless `open`
 * brings the codecs of its task.
 */
export function shownJob(job: Job, open?: OpenWith): InMs<JobView> {
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
    payload: valueOf(job.payload, open),
    progress: valueOf(job.progress, open),
    result: valueOf(job.result, open),
    errors: job.errors.map(failure => shownFailure(failure, open))
  }
}

/** What opens the sealed values of a job: the codecs of its task. */
export interface OpenWith {
  readonly codecs: Codecs | undefined
}

export function viewJob(job: Job, open?: OpenWith): JobView {
  const shown = shownJob(job, open)
  return { ...dated(shown), errors: shown.errors.map(failure => dated(failure)) }
}

/** A job as people see it. @throws EscapementError `job-unknown` */
export async function readShownJob(store: Store, id: string): Promise<InMs<JobView>> {
  const job = await store.readJob(id)
  if (job !== undefined) return redactedJob(shownJob(job), await readRedactions(store))
  throw new EscapementError(
    'job-unknown',
    `There is no job with the id ${JSON.stringify(id)}; finished jobs are kept for a while only.`
  )
}

function valueOf(text: string | undefined, open: OpenWith | undefined): unknown {
  if (text === undefined) return undefined
  const value: unknown = JSON.parse(text)
  return isSealed(value) ? sealedValue(value[SEAL_KEY], text, open) : value
}

function sealedValue(sealed: string, text: string, open: OpenWith | undefined): unknown {
  if (open === undefined) return { sealed } satisfies SealedView
  try {
    return unsealedValue(open.codecs, text, 'The value')
  } catch {
    return { sealed, isUnreadable: true } satisfies SealedView
  }
}

function shownFailure(failure: Failure, open: OpenWith | undefined): InMs<FailureView> {
  if (failure.sealed === undefined) return failure as Omit<Failure, 'sealed'>
  const { sealed, ...opened } = unsealFailure(open?.codecs, failure)
  return sealed === undefined ? opened : { ...opened, sealed: sealed[SEAL_KEY] }
}

/** A payload of the books, as it is shown. */
export const shownPayload = (payload: JsonValue, open?: OpenWith): unknown =>
  isSealed(payload) ? sealedValue(payload[SEAL_KEY], JSON.stringify(payload), open) : payload
