import { expect } from 'vitest'

import type { ClaimedJob } from '../../src/core/job/job.ts'
import type { Store } from '../../src/store/store.ts'
import {
  claim,
  claimedIds,
  claimOne,
  completed,
  failed,
  idsOf,
  jobId,
  newJob,
  newJobs,
  read,
  runningJob
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testClaims(suite: Suite): void {
  testTaking(suite)
  testSharing(suite)
  testChoice(suite)
  testNextRunAt(suite)
  testFences(suite)
}

function testTaking({ test }: Suite): void {
  test('claim: what an attempt needs is in the answer, and the row says who runs it', async ({ clock, store }) => {
    const job = newJob({
      queue: 'pictures',
      priority: -3,
      scheduleId: 'minute-report',
      fireAt: START - 9,
      origin: 'fire',
      maxAttempts: 4
    })
    await store.enqueue([job])
    clock.set(START + 3)
    const claimed = await claimOne(store, { node: 'node-b' })
    expect(claimed).toEqual({
      id: job.id,
      fence: claimed.fence,
      task: 'report',
      queue: 'pictures',
      priority: -3,
      payload: job.payload,
      runAt: START,
      scheduleId: 'minute-report',
      fireAt: START - 9,
      delivery: 'at-least-once',
      attempt: 1,
      maxAttempts: 4,
      rescues: 0
    })
    const running = {
      state: 'running',
      node: 'node-b',
      fence: claimed.fence,
      claimedAt: START + 3,
      startedAt: undefined
    }
    expect(await read(store, job.id)).toMatchObject(running)
  })

  test('claim: what is taken is not taken again', async ({ store }) => {
    await store.enqueue(newJobs(3))
    expect(await claimedIds(store, 2)).toEqual([jobId(1), jobId(2)])
    expect(await claimedIds(store, 2)).toEqual([jobId(3)])
    expect(await claimedIds(store, 2)).toEqual([])
  })

  test('claim: a limit of nothing takes nothing', async ({ store }) => {
    await store.enqueue(newJobs(1))
    expect(await claimedIds(store, 0)).toEqual([])
  })
}

function testSharing({ test }: Suite): void {
  test('claim: many connections take disjoint jobs, and leave none', async ({ store, beside }) => {
    const jobs = newJobs(120)
    await store.enqueue(jobs)
    const stores = [store, await beside(), await beside(), await beside()]
    const taken: ClaimedJob[] = []
    const takeAll = async (each: Store, node: string): Promise<void> => {
      for (;;) {
        const batch = (await claim(each, { node, limit: 7 })).jobs
        if (batch.length === 0) return
        taken.push(...batch)
      }
    }
    await Promise.all(stores.map((each, index) => takeAll(each, `node-${index}`)))
    expect(idsOf(taken).toSorted()).toEqual(idsOf(jobs))
    expect(new Set(taken.map(job => job.fence)).size).toBe(120)
  })
}

function testChoice({ test }: Suite): void {
  test('claim: only the tasks that the node knows', async ({ store }) => {
    await store.enqueue([newJob({ priority: -9, task: 'invoice' }), newJob({ id: jobId(2) })])
    expect(await claimedIds(store)).toEqual([jobId(2)])
    expect((await claim(store, { tasks: [] })).jobs).toEqual([])
    expect(idsOf((await claim(store, { tasks: ['unheard-of', 'invoice'] })).jobs)).toEqual([jobId(1)])
  })

  test('claim: only the queues that were named', async ({ store }) => {
    await store.enqueue(['a', 'b', 'c'].map((queue, index) => newJob({ id: jobId(index + 1), queue })))
    expect(idsOf((await claim(store, { queues: ['c', 'b'] })).jobs)).toEqual([jobId(2), jobId(3)])
    expect((await claim(store, { queues: [] })).jobs).toEqual([])
    expect(await claimedIds(store)).toEqual([jobId(1)])
  })

  test('claim: not from a paused queue, though it be named, until it is resumed', async ({ store }) => {
    await store.enqueue([newJob({ queue: 'a' }), newJob({ id: jobId(2), queue: 'b' })])
    await store.pauseQueue('a', true)
    expect((await claim(store, { queues: ['a'] })).jobs).toEqual([])
    expect(await claimedIds(store)).toEqual([jobId(2)])
    await store.pauseQueue('a', false)
    expect(await claimedIds(store)).toEqual([jobId(1)])
  })

  test('claim: a pause leaves alone what runs', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.pauseQueue('default', true)
    expect(await store.settle([completed(attempt)])).toEqual(['accepted'])
  })
}

function testNextRunAt({ test }: Suite): void {
  const nextRunAt = async (store: Store, over = {}): Promise<number | undefined> => (await claim(store, over)).nextRunAt

  test('next run: when the next of these tasks and queues becomes due', async ({ store }) => {
    expect(await nextRunAt(store)).toBeUndefined()
    await store.enqueue([
      newJob({ runAt: START + 50, priority: -9 }),
      newJob({ id: jobId(2), runAt: START + 40, queue: 'b' }),
      newJob({ id: jobId(3), runAt: START + 10, task: 'invoice' }),
      newJob({ id: jobId(4), runAt: START + 20, queue: 'paused' })
    ])
    await store.pauseQueue('paused', true)
    expect(await nextRunAt(store)).toBe(START + 40)
    expect(await nextRunAt(store, { queues: ['default'] })).toBe(START + 50)
    expect(await nextRunAt(store, { tasks: ['invoice'] })).toBe(START + 10)
  })

  test('next run: not told while something due is left', async ({ store }) => {
    await store.enqueue([...newJobs(3), newJob({ id: jobId(4), runAt: START + 60 })])
    expect(await claim(store, { limit: 2 })).toMatchObject({ nextRunAt: undefined })
    expect(await claim(store, { limit: 2 })).toMatchObject({ nextRunAt: START + 60 })
  })

  test('next run: told beside the jobs that were taken, retries included', async ({ store }) => {
    await store.settle([failed(await runningJob(store), START + 30)])
    await store.enqueue([newJob({ id: jobId(2) }), newJob({ id: jobId(3), runAt: START + 60 })])
    const answer = await claim(store)
    expect(idsOf(answer.jobs)).toEqual([jobId(2)])
    expect(answer.nextRunAt).toBe(START + 30)
  })
}

function testFences({ test }: Suite): void {
  const fencesOf = (jobs: readonly ClaimedJob[]): number[] => jobs.map(job => job.fence)

  test('fences: greater than all before, over jobs and connections', async ({ store, beside }) => {
    const stores = [store, await beside()]
    await store.enqueue(newJobs(9))
    let greatest = Number.NEGATIVE_INFINITY
    for (let round = 0; round < 3; round++) {
      const fences = fencesOf((await claim(stores[round % 2]!, { limit: 3 })).jobs)
      expect(Math.min(...fences)).toBeGreaterThan(greatest)
      expect(new Set(fences).size).toBe(3)
      greatest = Math.max(...fences)
    }
  })

  test('fences: never given again, though every job be gone', async ({ store }) => {
    const fences: number[] = []
    for (let number = 1; number <= 4; number++) {
      const attempt = await runningJob(store, { id: jobId(number), keepMs: 0 })
      fences.push(attempt.fence)
      await store.settle([completed(attempt)])
      expect((await store.listJobs({}, { limit: 10 })).items).toEqual([])
    }
    expect(fences).toEqual([...new Set(fences)].toSorted((a, b) => a - b))
  })

  test('fences: a new one at every claim of the same job', async ({ store }) => {
    const first = await runningJob(store)
    await store.settle([failed(first, START)])
    const second = await claimOne(store)
    expect(second.fence).toBeGreaterThan(first.fence)
    expect(second.attempt).toBe(2)
  })
}
