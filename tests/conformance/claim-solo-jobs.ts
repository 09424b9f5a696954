import { expect } from 'vitest'

import {
  claim,
  claimedIds,
  claimOne,
  failed,
  idsOf,
  jobId,
  newJob,
  newJobs,
  nodeRecord,
  read,
  soloJob
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testClaimsOfSoloJobs(suite: Suite): void {
  testSoloJobs(suite)
  testSoloJobsSeen(suite)
}

function testSoloJobs({ test }: Suite): void {
  test('solo jobs: not taken beside others, and it is told since when one waits', async ({ store }) => {
    await soloJob(store)
    await store.enqueue([newJob({ id: jobId(2) })])
    const answer = await claim(store, { mayTakeSolo: false })
    expect(idsOf(answer.jobs)).toEqual([jobId(2)])
    expect(answer.soloSince).toBeTypeOf('number')
    expect(answer.soloSince).toBeLessThanOrEqual(START)
  })

  test('solo jobs: an idle node takes one, alone, though others rank before it', async ({ store }) => {
    await soloJob(store)
    await store.enqueue([newJob({ id: jobId(2), priority: -50 }), newJob({ id: jobId(3), priority: -50 })])
    const first = (await claim(store, { mayTakeSolo: true })).jobs
    expect(first).toMatchObject([{ id: jobId(1), rescues: 1, attempt: 1 }])
    expect(await claimedIds(store)).toEqual([jobId(2), jobId(3)])
  })

  test('solo jobs: two of them are taken one by one', async ({ store }) => {
    await store.enqueue(newJobs(2))
    await claim(store, { node: 'node-that-died' })
    await store.rescue(10)
    for (const id of [jobId(1), jobId(2)]) expect(idsOf((await claim(store, { mayTakeSolo: true })).jobs)).toEqual([id])
    expect((await claim(store, { mayTakeSolo: true })).soloSince).toBeUndefined()
  })

  test('solo jobs: without any, an idle node takes its jobs as ever', async ({ store }) => {
    await store.enqueue(newJobs(3))
    const answer = await claim(store, { mayTakeSolo: true })
    expect(answer.jobs).toHaveLength(3)
    expect(answer.soloSince).toBeUndefined()
  })

  test('solo jobs: none of other tasks, other queues, paused queues, or before it is due', async ({ clock, store }) => {
    await store.join(nodeRecord())
    await soloJob(store)
    for (const over of [{ tasks: ['invoice'] }, { queues: ['pictures'] }])
      expect(await claim(store, { ...over, mayTakeSolo: true })).toMatchObject({ jobs: [], soloSince: undefined })
    await store.pauseQueue('default', true)
    expect(await claim(store, { mayTakeSolo: true })).toMatchObject({ jobs: [], soloSince: undefined })
    await store.pauseQueue('default', false)
    await store.settle([failed(await claimOne(store, { mayTakeSolo: true }), START + 10)])
    expect(await claim(store)).toMatchObject({ jobs: [], soloSince: undefined, nextRunAt: START + 10 })
    clock.set(START + 10)
    expect(await claim(store)).toMatchObject({ jobs: [], soloSince: START + 10 })
    expect((await claimOne(store, { mayTakeSolo: true })).attempt).toBe(2)
  })
}

function testSoloJobsSeen({ test }: Suite): void {
  test('solo jobs: a claim of nothing tells that one waits, and leaves everything alone', async ({ store }) => {
    const nothing = { limit: 0, mayTakeSolo: true }
    await store.enqueue([newJob({ id: jobId(2) })])
    expect(await claim(store, nothing)).toMatchObject({ jobs: [], soloSince: undefined, nextRunAt: undefined })
    await soloJob(store)
    expect(await claim(store, nothing)).toMatchObject({ jobs: [], soloSince: START, nextRunAt: undefined })
    for (const id of [jobId(1), jobId(2)]) expect((await read(store, id)).state).toBe('available')
  })

  test('solo jobs: since when one waits is told of the first of several, in whatever queue', async ({
    clock,
    store
  }) => {
    await soloJob(store, { queue: 'b', runAt: START - 5 })
    clock.set(START + 7)
    await soloJob(store, { id: jobId(2), priority: -9 })
    expect((await claim(store)).soloSince).toBe(START)
    expect((await claim(store, { queues: ['default'] })).soloSince).toBe(START + 7)
    expect(idsOf((await claim(store, { mayTakeSolo: true })).jobs)).toEqual([jobId(2)])
    expect((await claim(store)).soloSince).toBe(START)
  })
}
