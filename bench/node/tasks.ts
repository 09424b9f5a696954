import { v7 as uuid } from 'uuid'
import type { NewJob } from '../../src/core/job/job.ts'
import type { HandlerContext } from '../../src/core/job/handler.ts'
import { type AnyTask, task } from '../../src/core/job/task.ts'
import { payloadJson } from '../payload.ts'

/**
 * Handlers that may run at once: they do nothing, so that it only bounds how much is claimed before a rate is known.
 */
export const concurrency = 100

/** What is kept of a completed job. `dropped`: nothing; `kept`: all of it. */
export type Fate = 'dropped' | 'kept'

/** Counts how often its handler was entered, and when that was for the first time. */
export class Tally {
  entered = 0
  firstAt = Number.NaN

  /** A handler that does nothing but be counted. */
  readonly count = (): void => {
    this.entered += 1
    if (this.entered === 1) this.firstAt = performance.now()
  }
}

/** A task of a handler that does next to nothing. */
export const idleTask = (fate: Fate, handler: (context: HandlerContext) => void | Promise<void>) =>
  task(`bench-${fate}`, { handler, keepCompleted: fate === 'dropped' ? 0 : '7d' })

/** So many jobs of the task as the port to the books takes them, all due. */
export const newJobs = ({ name, queue, priority, maxAttempts, delivery, keepMs }: AnyTask, count: number): NewJob[] =>
  Array.from({ length: count }, () => ({
    id: uuid(),
    task: name,
    queue,
    priority,
    runAt: 0,
    payload: payloadJson,
    uniqueKey: undefined,
    scheduleId: undefined,
    fireAt: undefined,
    origin: 'enqueue',
    maxAttempts,
    delivery,
    keepMs
  }))
