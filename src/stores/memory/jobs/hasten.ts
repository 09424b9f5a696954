import type { Job } from '../../../core/job/job.ts'
import type { MemoryBooks } from '../books.ts'
import { putJob } from './job-rows.ts'

/** A waiting job as it would have been written with the right clock; undefined: it is right already. */
function hastened(job: Job, now: number, toleranceMs: number): Job | undefined {
  const { state, runAt, createdAt, snoozedAt, errors } = job
  const last = errors.at(-1)
  if (state === 'scheduled' && snoozedAt !== undefined)
    return snoozedAt > now + toleranceMs ? { ...job, runAt: runAt - (snoozedAt - now), snoozedAt: now } : undefined
  if (state === 'scheduled' && job.isDelayed === true && createdAt > now + toleranceMs)
    return { ...job, runAt: runAt - (createdAt - now), createdAt: now }
  if (state === 'available' && runAt > now + toleranceMs)
    return { ...job, runAt: now, createdAt: Math.min(createdAt, now) }
  if (state !== 'retryable' || last === undefined || last.at <= now + toleranceMs) return undefined
  return {
    ...job,
    runAt: Math.max(now, runAt - (last.at - now)),
    errors: [...errors.slice(0, -1), { ...last, at: now }]
  }
}

export function hastenJobs(books: MemoryBooks, toleranceMs: number, now: number): number {
  const late = [...books.unfinished.values()].flatMap(job => hastened(job, now, toleranceMs) ?? [])
  for (const job of late) putJob(books, job)
  return late.length
}
