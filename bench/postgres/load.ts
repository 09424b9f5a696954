import type { NewJob } from '../../src/core/job/job.ts'
import { createEscapement, task, type Task } from '../../src/index.ts'
import { newJobs } from '../node/tasks.ts'

/**
 * What a worker under load tells: handlers entered so far, and how long the urgent jobs took that came since it was
 * last asked.
 */
export interface Progress {
  readonly entered: number
  readonly urgentMs: readonly number[]
}

type Handle = (payload: unknown) => void

const dropped = (name: string, handle: Handle, priority: number): Task =>
  task(name, { handler: ({ payload }) => handle(payload), keepCompleted: 0, priority })

export const loadTask = (handle: Handle): Task => dropped('load', handle, 0)
export const urgentTask = (handle: Handle): Task => dropped('urgent', handle, -100)

const load = loadTask(() => undefined)

/** The most that one write enqueues. */
export const BATCH = 10_000

/** Jobs of the load, as the port to the books takes them. */
export const loadJobs = (count: number, change: Partial<NewJob> = {}): NewJob[] =>
  newJobs(load, count).map(job => ({ ...job, ...change }))

/** Writes so many jobs, with what is said otherwise of them. */
export async function fill(database: string, jobs: number, change: Partial<NewJob> = {}): Promise<void> {
  const escapement = createEscapement({ database, tasks: [load], roles: ['web'], logger: false })
  const store = await escapement.store()
  for (let left = jobs; left > 0; left -= BATCH) await store.enqueue(loadJobs(Math.min(BATCH, left), change))
  await escapement.stop()
}
