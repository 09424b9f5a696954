import type { AttemptKey, Job, NewJob } from '../../../core/job/job.ts'
import { isFinished } from '../../../core/job/job.ts'
import { holdsFinished } from '../../../core/job/unique.ts'
import type { MemoryBooks } from '../books.ts'
import type { Lane } from './lane.ts'
import { laneKey, openLane, placeInLane } from './lane.ts'

/** Writes a job, replacing its row if it had one, and updates every index. */
export function putJob(books: MemoryBooks, job: Job): void {
  const before = books.jobs.get(job.id)
  if (before !== undefined) unindex(books, before)
  books.jobs.set(job.id, job)
  index(books, job)
}

export function dropJob(books: MemoryBooks, job: Job): void {
  unindex(books, job)
  books.jobs.delete(job.id)
  books.reported.delete(job.id)
  books.steps.delete(job.id)
}

/** The job as it enters the books. An instant in the past is read as now, so that no job jumps the queue. */
export function createdJob(job: NewJob, now: number): Job {
  return {
    ...job,
    replaces: undefined,
    runAt: Math.max(job.runAt, now),
    state: job.runAt > now ? 'scheduled' : 'available',
    failures: 0,
    rescues: 0,
    snoozes: 0,
    fence: undefined,
    node: undefined,
    createdAt: now,
    claimedAt: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    cancelRequestedAt: undefined,
    progress: undefined,
    result: undefined,
    errors: []
  }
}

/**
 * The row that an attempt may write, if it is still the current one: the guard of every write of an attempt (rule 7).
 */
export function currentRow(books: MemoryBooks, attempt: AttemptKey): Job | undefined {
  const job = books.jobs.get(attempt.id)
  return job?.state === 'running' && job.fence === attempt.fence ? job : undefined
}

/** The id of the other job that holds the unique key of this one. */
export function jobUnderKey(books: MemoryBooks, job: NewJob, now: number): string | undefined {
  if (job.uniqueKey === undefined) return undefined
  const holder = books.jobs.get(books.uniqueKeys.get(uniqueKeyOf(job)) ?? '')
  if (holder === undefined || holder.id === job.id) return undefined
  return isFinished(holder.state) && !holdsFinished(holder.uniqueUntil, now) ? undefined : holder.id
}

/** One key for both: task names hold no control characters. */
export const uniqueKeyOf = (job: NewJob): string => `${job.task}\n${job.uniqueKey}`

function index(books: MemoryBooks, job: Job): void {
  if (isFinished(job.state)) {
    finishedList(books, job).add(job)
    if (job.uniqueKey !== undefined) keepKey(books, job)
    return
  }
  books.unfinished.set(job.id, job)
  if (job.uniqueKey !== undefined) books.uniqueKeys.set(uniqueKeyOf(job), job.id)
  countLive(books, job, 1)
  if (job.state === 'running') runningOn(books, job.node!).set(job.id, job)
  else placeInLane(laneOf(books, job), job).add(job)
}

function unindex(books: MemoryBooks, job: Job): void {
  if (isFinished(job.state)) {
    finishedList(books, job).delete(job)
    freeKey(books, job)
    return
  }
  books.unfinished.delete(job.id)
  freeKey(books, job)
  countLive(books, job, -1)
  if (job.state === 'running') leaveNode(books, job)
  else placeInLane(laneOf(books, job), job).delete(job)
}

/** A finished job holds its key only as its `uniqueUntil` says, and never takes it from another one. */
function keepKey(books: MemoryBooks, job: Job): void {
  const other = books.jobs.get(books.uniqueKeys.get(uniqueKeyOf(job)) ?? '')
  const isFree = other === undefined || (isFinished(other.state) && (other.uniqueUntil ?? 0) <= job.uniqueUntil!)
  if ((job.uniqueUntil ?? 0) > 0 && isFree) books.uniqueKeys.set(uniqueKeyOf(job), job.id)
}

function freeKey(books: MemoryBooks, job: Job): void {
  if (job.uniqueKey === undefined) return
  const key = uniqueKeyOf(job)
  if (books.uniqueKeys.get(key) === job.id) books.uniqueKeys.delete(key)
}

const finishedList = (books: MemoryBooks, job: Job): MemoryBooks['completed'] =>
  job.state === 'completed' ? books.completed : books.unsuccessful

function countLive(books: MemoryBooks, job: Job, change: number): void {
  if (job.scheduleId !== undefined)
    books.liveJobs.set(job.scheduleId, (books.liveJobs.get(job.scheduleId) ?? 0) + change)
}

function runningOn(books: MemoryBooks, node: string): Map<string, Job> {
  let jobs = books.running.get(node)
  if (jobs === undefined) books.running.set(node, (jobs = new Map()))
  return jobs
}

function leaveNode(books: MemoryBooks, job: Job): void {
  const jobs = runningOn(books, job.node!)
  jobs.delete(job.id)
  if (jobs.size === 0) books.running.delete(job.node!)
}

function laneOf(books: MemoryBooks, job: Job): Lane {
  const key = laneKey(job)
  let lane = books.lanes.get(key)
  if (lane === undefined) books.lanes.set(key, (lane = openLane(job.task, job.queue)))
  return lane
}
