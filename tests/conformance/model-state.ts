import type { AttemptKey, Delivery, JobState, NewJob } from '../../src/core/job/job.ts'
import type { Outcome, SettleAnswer } from '../../src/core/job/settle.ts'
import type { CancelAnswer, ClaimRequest, EnqueueAnswer, RetryAnswer } from '../../src/store/jobs.ts'

/** What the model remembers of a job: enough to foretell every answer of a store. */
export interface ModelJob {
  readonly id: string
  readonly task: string
  readonly queue: string
  readonly priority: number
  readonly uniqueKey: string | undefined
  readonly scheduleId: string | undefined
  readonly delivery: Delivery
  readonly keepMs: number
  runAt: number
  state: JobState
  failures: number
  rescues: number
  fence: number | undefined
  node: string | undefined
  hasStarted: boolean
  isCancelRequested: boolean
  reported: Outcome['kind'] | undefined
}

/** The books as a naive reader of the rules would keep them: lists, and nothing clever. */
export interface Model {
  now: number
  jobs: ModelJob[]
  /** Every attempt that was ever given out, the stale ones included. */
  attempts: AttemptKey[]
  greatestFence: number
  readonly aliveNodes: Set<string>
  readonly pausedQueues: Set<string>
}

export const emptyModel = (now: number): Model => ({
  now,
  jobs: [],
  attempts: [],
  greatestFence: Number.NEGATIVE_INFINITY,
  aliveNodes: new Set(),
  pausedQueues: new Set()
})

const ends: readonly JobState[] = ['completed', 'cancelled', 'discarded']
export const isLive = (job: ModelJob): boolean => !ends.includes(job.state)
const find = (model: Model, id: string): ModelJob | undefined => model.jobs.find(job => job.id === id)

const isCurrent = (job: ModelJob, attempt: AttemptKey): boolean =>
  job.state === 'running' && job.fence === attempt.fence

/** The job, if the attempt may still write it. */
export function current(model: Model, attempt: AttemptKey): ModelJob | undefined {
  const job = find(model, attempt.id)
  return job !== undefined && isCurrent(job, attempt) ? job : undefined
}

const keyHolder = (model: Model, job: Pick<NewJob, 'task' | 'uniqueKey'>): ModelJob | undefined =>
  job.uniqueKey === undefined
    ? undefined
    : model.jobs.find(other => isLive(other) && other.task === job.task && other.uniqueKey === job.uniqueKey)

export function enqueue(model: Model, job: NewJob): EnqueueAnswer {
  if (find(model, job.id) !== undefined) return { outcome: 'exists', id: job.id }
  const holder = keyHolder(model, job)
  if (holder !== undefined) return { outcome: 'duplicate', id: holder.id }
  const { id, task, queue, priority, uniqueKey, scheduleId, delivery, keepMs } = job
  const runAt = Math.max(job.runAt, model.now)
  const created = { id, task, queue, priority, uniqueKey, scheduleId, delivery, keepMs, runAt, failures: 0, rescues: 0 }
  const free = { fence: undefined, node: undefined, hasStarted: false, isCancelRequested: false, reported: undefined }
  model.jobs.push({ ...created, ...free, state: runAt > model.now ? 'scheduled' : 'available' })
  return { outcome: 'enqueued', id }
}

const byRank = (a: ModelJob, b: ModelJob): number =>
  a.priority - b.priority || a.runAt - b.runAt || (a.id < b.id ? -1 : 1)

/** What a claim will give, and what it will say beside. */
export function foretellClaim(
  model: Model,
  request: ClaimRequest
): { taken: ModelJob[]; nextRunAt: number | undefined; solo: number } {
  const wanted = model.jobs.filter(
    job =>
      ['scheduled', 'available', 'retryable'].includes(job.state) &&
      request.tasks.includes(job.task) &&
      (request.queues?.includes(job.queue) ?? true) &&
      !model.pausedQueues.has(job.queue)
  )
  const due = wanted.filter(job => job.runAt <= model.now).sort(byRank)
  const solo = due.filter(job => job.rescues > 0)
  const others = due.filter(job => job.rescues === 0)
  const takesSolo = request.mayTakeSolo && solo.length > 0
  const taken = takesSolo ? solo.slice(0, 1) : others.slice(0, request.limit)
  const isOthersLeft = others.length > (takesSolo ? 0 : taken.length)
  const later = wanted.filter(job => job.runAt > model.now).map(job => job.runAt)
  const nextRunAt = isOthersLeft || later.length === 0 ? undefined : Math.min(...later)
  return { taken, nextRunAt, solo: solo.length - (takesSolo ? 1 : 0) }
}

export function begin(model: Model, job: ModelJob, held: { readonly fence: number; readonly node: string }): void {
  Object.assign(job, { ...held, state: 'running', reported: undefined })
  model.greatestFence = Math.max(model.greatestFence, held.fence)
  model.attempts.push({ id: job.id, fence: held.fence })
}

/** Frees the job, or ends it. */
function release(model: Model, job: ModelJob, state: JobState): void {
  job.state = state
  if (isLive(job)) Object.assign(job, { node: undefined, hasStarted: false })
  if (state === 'completed' && job.keepMs === 0) model.jobs = model.jobs.filter(other => other !== job)
}

export function report(model: Model, attempt: AttemptKey, outcome: Outcome): SettleAnswer {
  const job = find(model, attempt.id)
  if (job === undefined) return 'unknown'
  if (!isCurrent(job, attempt))
    return job.fence === attempt.fence && job.reported === outcome.kind ? 'accepted' : 'stale'
  job.reported = outcome.kind
  if (outcome.kind === 'failed') job.failures += 1
  release(model, job, afterReport(job, outcome))
  if (job.state === 'retryable' && outcome.kind === 'failed') job.runAt = outcome.retryAt ?? job.runAt
  if (job.state === 'scheduled' && outcome.kind === 'snoozed') job.runAt = outcome.until
  return 'accepted'
}

function afterReport(job: ModelJob, outcome: Outcome): JobState {
  const isOnce = job.delivery === 'at-most-once'
  if (outcome.kind === 'completed') return 'completed'
  if (outcome.kind !== 'failed' && isOnce && job.hasStarted) return 'discarded'
  if (job.isCancelRequested) return 'cancelled'
  if (outcome.kind === 'given-back') return 'available'
  if (outcome.kind === 'snoozed') return 'scheduled'
  return isOnce || outcome.retryAt === undefined ? 'discarded' : 'retryable'
}

export const stranded = (model: Model): ModelJob[] =>
  model.jobs.filter(job => job.state === 'running' && !model.aliveNodes.has(job.node!))

export function rescue(model: Model, job: ModelJob): JobState {
  const isLost = job.delivery === 'at-most-once' && job.hasStarted
  const isPoison = job.rescues >= 3
  job.rescues += 1
  job.reported = undefined
  release(model, job, isLost || isPoison ? 'discarded' : job.isCancelRequested ? 'cancelled' : 'available')
  if (job.state === 'available') job.runAt = model.now
  return job.state
}

export function cancel(model: Model, id: string): CancelAnswer {
  const job = find(model, id)
  if (job === undefined) return 'unknown'
  if (!isLive(job)) return 'finished'
  job.isCancelRequested = true
  if (job.state === 'running') return 'requested'
  release(model, job, 'cancelled')
  return 'cancelled'
}

export function retry(model: Model, id: string): RetryAnswer {
  const job = find(model, id)
  if (job === undefined) return 'unknown'
  if (isLive(job)) return 'not-finished'
  if (keyHolder(model, job) !== undefined) return 'conflict'
  Object.assign(job, { failures: 0, rescues: 0, runAt: model.now, isCancelRequested: false })
  release(model, job, 'available')
  return 'retried'
}
