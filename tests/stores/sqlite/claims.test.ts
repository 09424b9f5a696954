import { expect, test } from 'vitest'

import type { SqliteStore } from '../../../src/sqlite.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { claim, givenBack, jobId, newJob } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'
import { freshFile, openFor } from './folder.ts'

const CROWD = 30_000

/** The least time of claiming one job: what others do on the machine only adds to it. */
async function claimMs(store: SqliteStore): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 41; round++) {
    const startedAt = performance.now()
    const [job] = (await claim(store, { limit: 1 })).jobs
    times.push(performance.now() - startedAt)
    await store.settle([givenBack(job!)])
  }
  return Math.min(...times)
}

/** The crowd's ids come first, its priority too. */
const crowd = (over: Parameters<typeof newJob>[0]) =>
  Array.from({ length: CROWD }, (_, index) => newJob({ id: jobId(index + 1), payload: '0', priority: -1, ...over }))
const wanted = newJob({ id: jobId(CROWD + 1) })

test.each([
  ['of a task that the node does not know', { task: 'aaa' }],
  ['that are not due yet', { runAt: Date.now() + 3_600_000 }],
  ['of the same lane that come later', { priority: 1 }],
  ['in a queue that is paused', { queue: 'aaa' }]
])('a claim costs no more beside 30,000 jobs %s', async (_, over) => {
  const empty = await openFor(freshFile())
  await empty.enqueue([wanted])
  const full = await openFor(freshFile())
  await full.pauseQueue('aaa', true)
  await full.enqueue([...crowd(over), wanted])
  // Stepping over them would take some thirty times as long.
  const [alone, crowded] = [await claimMs(empty), await claimMs(full)]
  expect(crowded).toBeLessThan(alone * 5 + 0.3)
})

test('many lanes are taken from in one order', async () => {
  const store = await openFor(freshFile())
  const jobs = Array.from({ length: 300 }, (_, index) =>
    newJob({
      id: jobId(1_000 - index),
      task: ['report', 'invoice', 'scrape'][index % 3]!,
      queue: `queue ${index % 7}`,
      priority: index % 5
    })
  )
  await store.enqueue(jobs)
  const tasks = ['scrape', 'report']
  const expected = jobs
    .filter(job => tasks.includes(job.task) && job.queue !== 'queue 3')
    .sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
  await store.pauseQueue('queue 3', true)
  const taken: string[] = []
  for (let round = 0; round < 9; round++)
    taken.push(...(await claim(store, { tasks, limit: 37 })).jobs.map(job => job.id))
  expect(taken).toEqual(expected.map(job => job.id))
})

test('after a long pause one claim makes no more than 2,000 jobs available, and the next ones the rest', async () => {
  const clock = new ManualClock(START)
  const store = await openFor(freshFile(), { clock })
  await store.enqueue(Array.from({ length: 2_500 }, (_, index) => newJob({ id: jobId(index), runAt: START + 1 })))
  clock.set(START + 1)
  const first = await claim(store, { limit: 10 })
  expect(first.jobs).toHaveLength(10)
  expect((await store.listQueues())[0]?.counts).toEqual({ running: 10, available: 1_990, scheduled: 500 })
  const rest = await claim(store, { limit: 5_000 })
  expect(rest.jobs).toHaveLength(2_490)
  expect(rest.nextRunAt).toBeUndefined()
})
