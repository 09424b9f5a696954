import type { Job, NewJob } from '../job/job.ts'
import { isoOf } from '../trigger/instant.ts'

/** What the audit says of a job before a change: which one it was, and how it stood. */
export const jobBefore = ({ task, state, scheduleId }: Pick<Job, 'task' | 'state' | 'scheduleId'>): object => ({
  task,
  state,
  scheduleId
})

/** What the audit says of a job that somebody has enqueued. */
export const enqueuedJob = ({ task, queue, priority, runAt }: NewJob): object => ({
  task,
  queue,
  priority,
  runAt: isoOf(runAt)
})

/** What is changed of a job that waits. */
interface Change {
  readonly runAt?: number | undefined
  readonly priority?: number | undefined
  readonly payload?: string | undefined
}

/** What is changed of a job that waits; the payload is never shown, only that it is another one. */
export function changedJob(job: Pick<Job, 'task' | 'runAt' | 'priority'>, change: Change) {
  const { runAt, priority, payload } = change
  const was = runAt === undefined ? undefined : isoOf(job.runAt)
  return {
    before: { task: job.task, runAt: was, priority: priority === undefined ? undefined : job.priority },
    after: {
      runAt: runAt === undefined ? undefined : isoOf(runAt),
      priority,
      isPayloadChanged: payload === undefined ? undefined : true
    }
  }
}
