import { expect } from 'vitest'

import type { JobState } from '../../src/core/job/job.ts'
import type { Store } from '../../src/store/store.ts'
import { readPages } from './fixtures.ts'
import type { Model } from './model-state.ts'
import { isLive } from './model-state.ts'

/** Whether a due job that waits is shown as available at once, or when somebody looks for it, is a store's own affair. */
const shown = (job: { state: JobState; runAt: number }, now: number): JobState =>
  (job.state === 'scheduled' || job.state === 'retryable') && job.runAt <= now ? 'available' : job.state

/** Every job, and what is counted of them, stands in the store as in the model. */
export async function expectSameBooks(model: Model, store: Store): Promise<void> {
  const pages = await readPages(cursor => store.listJobs({}, { limit: 5, cursor }))
  const rows = pages.flat().map(job => ({
    id: job.id,
    state: shown(job, model.now),
    runAt: job.runAt,
    failures: job.failures,
    rescues: job.rescues,
    runsAs: job.state === 'running' ? [job.node, job.fence, job.startedAt !== undefined] : undefined,
    isEnded: job.finishedAt !== undefined
  }))
  const expected = model.jobs.map(job => ({
    id: job.id,
    state: shown(job, model.now),
    runAt: job.runAt,
    failures: job.failures,
    rescues: job.rescues,
    runsAs: job.state === 'running' ? [job.node, job.fence, job.hasStarted] : undefined,
    isEnded: !isLive(job)
  }))
  expect(rows).toEqual(expected.toSorted((a, b) => (a.id < b.id ? 1 : -1)))
  await expectSameCounts(model, store)
}

async function expectSameCounts(model: Model, store: Store): Promise<void> {
  const live = model.jobs.filter(isLive)
  const [schedule] = (await store.listSchedules({ limit: 1 })).items
  expect(schedule?.liveJobs).toBe(live.filter(job => job.scheduleId !== undefined).length)
  const queues = Object.fromEntries(
    (await store.listQueues()).map(({ queue, counts }) => [queue, Object.values(counts).reduce((a, b) => a + b, 0)])
  )
  for (const queue of ['default', 'pictures'])
    expect(queues[queue] ?? 0).toBe(live.filter(job => job.queue === queue).length)
  const waiting = Object.fromEntries((await store.taskBacklogs()).map(backlog => [backlog.task, backlog.waiting]))
  for (const task of ['report', 'invoice'])
    expect(waiting[task] ?? 0).toBe(live.filter(job => job.task === task && job.state !== 'running').length)
}
