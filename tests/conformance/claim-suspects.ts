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
  suspectJob
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testClaimsOfSuspects(suite: Suite): void {
  testSuspects(suite)
  testSuspectsSeen(suite)
}

function testSuspects({ test }: Suite): void {
  test('suspects: not taken beside others, and it is told since when one waits', async ({ store }) => {
    await suspectJob(store)
    await store.enqueue([newJob({ id: jobId(2) })])
    const answer = await claim(store, { mayTakeSuspect: false })
    expect(idsOf(answer.jobs)).toEqual([jobId(2)])
    expect(answer.suspectSince).toBeTypeOf('number')
    expect(answer.suspectSince).toBeLessThanOrEqual(START)
  })

  test('suspects: an idle node takes one, alone, though others rank before it', async ({ store }) => {
    await suspectJob(store)
    await store.enqueue([newJob({ id: jobId(2), priority: -50 }), newJob({ id: jobId(3), priority: -50 })])
    const first = (await claim(store, { mayTakeSuspect: true })).jobs
    expect(first).toMatchObject([{ id: jobId(1), rescues: 1, attempt: 1 }])
    expect(await claimedIds(store)).toEqual([jobId(2), jobId(3)])
  })

  test('suspects: two of them are taken one by one', async ({ store }) => {
    await store.enqueue(newJobs(2))
    await claim(store, { node: 'node-that-died' })
    await store.rescue(10)
    for (const id of [jobId(1), jobId(2)])
      expect(idsOf((await claim(store, { mayTakeSuspect: true })).jobs)).toEqual([id])
    expect((await claim(store, { mayTakeSuspect: true })).suspectSince).toBeUndefined()
  })

  test('suspects: without any, an idle node takes its jobs as ever', async ({ store }) => {
    await store.enqueue(newJobs(3))
    const answer = await claim(store, { mayTakeSuspect: true })
    expect(answer.jobs).toHaveLength(3)
    expect(answer.suspectSince).toBeUndefined()
  })

  test('suspects: none of other tasks, other queues, paused queues, or before it is due', async ({ clock, store }) => {
    await store.join(nodeRecord())
    await suspectJob(store)
    for (const over of [{ tasks: ['invoice'] }, { queues: ['pictures'] }])
      expect(await claim(store, { ...over, mayTakeSuspect: true })).toMatchObject({ jobs: [], suspectSince: undefined })
    await store.pauseQueue('default', true)
    expect(await claim(store, { mayTakeSuspect: true })).toMatchObject({ jobs: [], suspectSince: undefined })
    await store.pauseQueue('default', false)
    await store.settle([failed(await claimOne(store, { mayTakeSuspect: true }), START + 10)])
    expect(await claim(store)).toMatchObject({ jobs: [], suspectSince: undefined, nextRunAt: START + 10 })
    clock.set(START + 10)
    expect(await claim(store)).toMatchObject({ jobs: [], suspectSince: START + 10 })
    expect((await claimOne(store, { mayTakeSuspect: true })).attempt).toBe(2)
  })
}

function testSuspectsSeen({ test }: Suite): void {
  test('suspects: a claim of nothing tells that one waits, and leaves everything alone', async ({ store }) => {
    const nothing = { limit: 0, mayTakeSuspect: true }
    await store.enqueue([newJob({ id: jobId(2) })])
    expect(await claim(store, nothing)).toMatchObject({ jobs: [], suspectSince: undefined, nextRunAt: undefined })
    await suspectJob(store)
    expect(await claim(store, nothing)).toMatchObject({ jobs: [], suspectSince: START, nextRunAt: undefined })
    for (const id of [jobId(1), jobId(2)]) expect((await read(store, id)).state).toBe('available')
  })

  test('suspects: since when one waits is told of the first of several, in whatever queue', async ({
    clock,
    store
  }) => {
    await suspectJob(store, { queue: 'b', runAt: START - 5 })
    clock.set(START + 7)
    await suspectJob(store, { id: jobId(2), priority: -9 })
    expect((await claim(store)).suspectSince).toBe(START)
    expect((await claim(store, { queues: ['default'] })).suspectSince).toBe(START + 7)
    expect(idsOf((await claim(store, { mayTakeSuspect: true })).jobs)).toEqual([jobId(2)])
    expect((await claim(store)).suspectSince).toBe(START)
  })
}
