import type { Job } from '../../../core/job/job.ts'
import { isFinished } from '../../../core/job/job.ts'
import { rescueFailure, stateAfterRescue } from '../../../core/job/settle.ts'
import type { RescuedJob } from '../../../store/jobs.ts'
import { unheld, withFailure } from './settling.ts'
import type { MemoryBooks } from '../books.ts'
import { noteEnd } from '../counts/health.ts'
import { putJob } from './job-rows.ts'

/**
 * Defined over jobs: frees every job that runs under a node that is not alive, whether lost, left, or never known (rule
 * 8).
 */
export function rescue(books: MemoryBooks, limit: number, now: number): RescuedJob[] {
  const stranded: Job[] = []
  for (const [node, jobs] of books.running)
    if (books.nodes.get(node)?.phase !== 'alive') stranded.push(...jobs.values())
  return stranded.slice(0, limit).map(job => rescueOne(books, job, now))
}

function rescueOne(books: MemoryBooks, job: Job, now: number): RescuedJob {
  const state = stateAfterRescue(job)
  const ended = isFinished(state) ? { finishedAt: now } : unheld
  const errors = state === 'discarded' ? withFailure(job, rescueFailure(job, now)) : job.errors
  const runAt = state === 'available' ? now : job.runAt
  putJob(books, { ...job, ...ended, state, runAt, rescues: job.rescues + 1, errors })
  noteEnd(books, { ...job, state }, now)
  return { id: job.id, task: job.task, scheduleId: job.scheduleId, node: job.node!, state }
}
