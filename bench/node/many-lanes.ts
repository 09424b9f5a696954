import { v7 as uuid } from 'uuid'
import type { NewJob } from '../../src/core/job/job.ts'
import { createEscapement, task, type Task } from '../../src/index.ts'
import { median } from '../bar.ts'
import { watchEventLoop } from '../event-loop.ts'
import { concurrency, newJobs, Tally } from './tasks.ts'

/**
 * How the jobs lie: in one queue, in one queue each, or in one each of 200 priorities × so many tasks that it is one
 * each as well.
 */
export const layouts = ['one', 'queues', 'priorities'] as const
export type Layout = (typeof layouts)[number]

const PRIORITIES = 200
const BATCH = 2_000

export interface ManyLanes {
  readonly jobsPerSecond: number
  /** From the enqueue of one job to its handler, once all the others are done. */
  readonly pickUpMs: number
  /** The longest that the event loop was held up by the drain. */
  readonly blockedMs: number
}

interface Size {
  readonly jobs: number
  readonly pickUps: number
}

/**
 * One worker drains jobs that lie in one or in many lanes; they have unique keys, so that PostgreSQL claims them as
 * rows.
 */
export async function drainLanes(database: string, layout: Layout, { jobs, pickUps }: Size): Promise<ManyLanes> {
  const tally = new Tally()
  const done = Promise.withResolvers<void>()
  let heard: (() => void) | undefined
  const handler = (): void => {
    tally.count()
    if (tally.entered === jobs) done.resolve()
    heard?.()
  }
  const tasks = Array.from({ length: Math.ceil(jobs / PRIORITIES) }, (_, index) =>
    task(`bench-${index}`, { handler, keepCompleted: 0 })
  )
  const options = { database, tasks, worker: { concurrency }, logger: false as const }
  const escapement = createEscapement({ ...options, roles: ['worker'] })
  const store = await escapement.store()
  const all = jobsOf(tasks, jobs, layout)
  for (let from = 0; from < jobs; from += BATCH) await store.enqueue(all.slice(from, from + BATCH))
  const endWatch = watchEventLoop()
  await escapement.start()
  await done.promise
  const jobsPerSecond = (jobs / (performance.now() - tally.firstAt)) * 1_000
  const { maxMs: blockedMs } = endWatch()
  const waits: number[] = []
  for (let pickUp = 0; pickUp < pickUps; pickUp++) {
    await new Promise(resolve => setTimeout(resolve, 10))
    const begun = Promise.withResolvers<void>()
    heard = begun.resolve
    const at = performance.now()
    await escapement.enqueue(tasks[0]!, null)
    await begun.promise
    waits.push(performance.now() - at)
  }
  await escapement.stop()
  return { jobsPerSecond, pickUpMs: median(waits), blockedMs }
}

/** In each layout they are claimed in the order of their ids, so that the pages of the books are touched alike. */
const jobsOf = (tasks: readonly Task[], count: number, layout: Layout): NewJob[] =>
  newJobs(tasks[0]!, count).map((job, index) => ({
    ...job,
    uniqueKey: uuid(),
    ...(layout === 'queues' && { queue: `queue-${(index * 7_919) % count}` }),
    ...(layout === 'priorities' && {
      task: tasks[index % tasks.length]!.name,
      priority: Math.floor(index / tasks.length) - PRIORITIES / 2
    })
  }))
