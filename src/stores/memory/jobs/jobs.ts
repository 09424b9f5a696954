import type { Job, NewJob } from '../../../core/job/job.ts'
import { isFinished } from '../../../core/job/job.ts'
import type {
  CancelAnswer,
  ChangeAnswer,
  DeleteAnswer,
  EnqueueAnswer,
  JobChange,
  RetryAnswer
} from '../../../store/jobs.ts'
import type { ScheduleGuard } from '../../../store/schedules.ts'
import { unheld } from './settling.ts'
import type { MemoryBooks } from '../books.ts'
import { noteEnd } from '../counts/health.ts'
import { createdJob, dropJob, jobUnderKey, putJob } from './job-rows.ts'
import { guardHolds, putSchedule } from '../schedules.ts'

export const enqueue = (books: MemoryBooks, jobs: readonly NewJob[], now: number): EnqueueAnswer[] =>
  jobs.map(job => enqueueOne(books, job, now))

function enqueueOne(books: MemoryBooks, job: NewJob, now: number): EnqueueAnswer {
  if (books.jobs.has(job.id)) return { outcome: 'exists', id: job.id }
  const other = jobUnderKey(books, job, now)
  if (other !== undefined)
    return { outcome: isReplaced(books, other, { job, now }) ? 'replaced' : 'duplicate', id: other }
  putJob(books, createdJob(job, now))
  return { outcome: 'enqueued', id: job.id }
}

/** A job that has been claimed stays as it is: what it did, it did with its own payload. */
function isReplaced(
  books: MemoryBooks,
  id: string,
  { job, now }: { readonly job: NewJob; readonly now: number }
): boolean {
  const holder = books.jobs.get(id)!
  if (job.replaces !== true || isFinished(holder.state) || holder.fence !== undefined) return false
  putJob(books, { ...createdJob(job, now), id, createdAt: holder.createdAt })
  return true
}

export const cancel = (books: MemoryBooks, ids: readonly string[], now: number): CancelAnswer[] =>
  ids.map(id => cancelOne(books, id, now))

function cancelOne(books: MemoryBooks, id: string, now: number): CancelAnswer {
  const job = books.jobs.get(id)
  if (job === undefined) return 'unknown'
  if (isFinished(job.state)) return 'finished'
  const cancelRequestedAt = job.cancelRequestedAt ?? now
  if (job.state === 'running') {
    putJob(books, { ...job, cancelRequestedAt })
    return 'requested'
  }
  putJob(books, { ...job, state: 'cancelled', snoozedAt: undefined, cancelRequestedAt, finishedAt: now })
  noteEnd(books, { ...job, state: 'cancelled' }, now)
  return 'cancelled'
}

export function retry(
  books: MemoryBooks,
  id: string,
  { guard, now }: { readonly guard: ScheduleGuard | undefined; readonly now: number }
): RetryAnswer {
  const job = books.jobs.get(id)
  if (job === undefined) return 'unknown'
  if (!isFinished(job.state)) return 'not-finished'
  if (jobUnderKey(books, job, now) !== undefined) return 'conflict'
  if (job.scheduleId !== undefined && !raiseJobsCreated(books, job.scheduleId, guard)) return 'conflict'
  putJob(books, anew(job, now))
  return 'retried'
}

function raiseJobsCreated(books: MemoryBooks, scheduleId: string, guard: ScheduleGuard | undefined): boolean {
  const state = books.schedules.get(scheduleId)
  if (!guardHolds(state, guard)) return false
  if (state !== undefined) putSchedule(books, { ...state, jobsCreated: state.jobsCreated + 1 })
  return true
}

const anew = (job: Job, now: number): Job => ({
  ...job,
  ...unheld,
  state: 'available',
  runAt: now,
  failures: 0,
  rescues: 0,
  snoozes: 0,
  snoozedAt: undefined,
  finishedAt: undefined,
  cancelRequestedAt: undefined,
  progress: undefined,
  result: undefined,
  errors: []
})

/** False: it was so already. */
export function pauseQueue(
  books: MemoryBooks,
  queue: string,
  { paused, now }: { readonly paused: boolean; readonly now: number }
): boolean {
  if (!paused) return books.pausedQueues.delete(queue)
  if (books.pausedQueues.has(queue)) return false
  books.pausedQueues.set(queue, now)
  return true
}

export function changeJob(
  books: MemoryBooks,
  id: string,
  { change, now }: { readonly change: JobChange; readonly now: number }
): ChangeAnswer {
  const job = books.jobs.get(id)
  if (job === undefined) return 'unknown'
  if (isFinished(job.state) || job.state === 'running') return 'not-waiting'
  if (change.payload !== undefined && job.fence !== undefined) return 'begun'
  const { priority = job.priority, payload = job.payload } = change
  const changed = { ...job, priority, payload }
  putJob(books, change.runAt === undefined ? changed : dueAt(changed, change.runAt, now))
  return 'changed'
}

/** It was asked for, so a clock that ran ahead does not count any more. */
function dueAt(job: Job, runAt: number, now: number): Job {
  const later = job.state === 'retryable' ? 'retryable' : 'scheduled'
  const { isDelayed: _, ...rest } = job
  return { ...rest, state: runAt > now ? later : 'available', runAt: Math.max(runAt, now), snoozedAt: undefined }
}

export const deleteJobs = (books: MemoryBooks, ids: readonly string[]): DeleteAnswer[] =>
  ids.map(id => {
    const job = books.jobs.get(id)
    if (job === undefined) return 'unknown'
    if (!isFinished(job.state)) return 'not-finished'
    dropJob(books, job)
    return 'deleted'
  })
