import { expect } from 'vitest'

import type { ClaimedJob, NewJob } from '../../src/core/job.ts'
import type { Store } from '../../src/store/store.ts'
import { claim, claimOne, completed, failed, jobId, newJob, newJobs, nodeRecord, read, runningJob } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testClaims(suite: Suite): void {
  testTaking(suite)
  testSharing(suite)
  testOrder(suite)
  testManyLanes(suite)
  testAging(suite)
  testChoice(suite)
  testNextRunAt(suite)
  testFences(suite)
  testSuspects(suite)
  testSuspectsSeen(suite)
}

const idsOf = (jobs: readonly { id: string }[]): string[] => jobs.map(job => job.id)
const claimedIds = async (store: Store, limit = 10): Promise<string[]> => idsOf((await claim(store, { limit })).jobs)

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

function testOrder({ test }: Suite): void {
  const order: readonly Partial<NewJob>[] = [
    { id: jobId(9), priority: -5, runAt: START + 40 },
    { id: jobId(8), priority: 0, runAt: START + 10, queue: 'pictures' },
    { id: jobId(3), priority: 0, runAt: START + 20 },
    { id: jobId(7), priority: 0, runAt: START + 20, queue: 'pictures' },
    { id: jobId(1), priority: 1, runAt: START + 5 }
  ]
  const ids = order.map(job => job.id)

  test('claim order: priority, then runAt, then id, over all queues', async ({ clock, store }) => {
    await store.enqueue([4, 2, 0, 3, 1].map(index => newJob(order[index])))
    clock.set(START + 100)
    expect(await claimedIds(store)).toEqual(ids)
  })

  test('claim order: the same one by one', async ({ clock, store }) => {
    await store.enqueue([1, 4, 3, 0, 2].map(index => newJob(order[index])))
    clock.set(START + 100)
    for (const id of ids) expect(await claimedIds(store, 1)).toEqual([id])
  })

  test('claim order: a job that failed takes its place by the instant of its retry', async ({ clock, store }) => {
    await store.settle([failed(await runningJob(store), START + 20)])
    await store.enqueue([newJob({ id: jobId(2), runAt: START + 30 }), newJob({ id: jobId(3), runAt: START + 10 })])
    clock.set(START + 100)
    expect(await claimedIds(store)).toEqual([jobId(3), jobId(1), jobId(2)])
  })
}

/** More lanes than are looked at one by one: a job in each of so many queues, tasks and priorities, in an order of its own. */
const spread = (count: number): NewJob[] =>
  Array.from({ length: count }, (_, index) =>
    newJob({
      id: jobId(count - index),
      task: ['report', 'invoice', 'mail'][index % 3]!,
      queue: `queue ${(index * 7) % 50}`,
      priority: ((index * 11) % 9) - 4,
      runAt: START + ((index * 13) % 29)
    })
  )
const byRank = (a: NewJob, b: NewJob): number => a.priority - b.priority || a.runAt - b.runAt || (a.id < b.id ? -1 : 1)

function testManyLanes({ test }: Suite): void {
  const tasks = ['report', 'mail']

  test('many lanes: taken from in one order, part by part', async ({ clock, store }) => {
    const jobs = spread(400)
    await store.enqueue(jobs)
    await store.pauseQueue('queue 7', true)
    clock.set(START + 100)
    const wanted = jobs.filter(job => tasks.includes(job.task) && job.queue !== 'queue 7').toSorted(byRank)
    const taken: string[] = []
    for (const limit of [1, 7, 30, 100, 3, 500, 10]) taken.push(...idsOf((await claim(store, { tasks, limit })).jobs))
    expect(taken).toEqual(idsOf(wanted))
  })

  test('many lanes: of named queues, and the next run', async ({ clock, store }) => {
    const jobs = spread(400)
    await store.enqueue([...jobs, newJob({ id: jobId(999), queue: 'queue 3', runAt: START + 777 })])
    clock.set(START + 100)
    const queues = ['queue 3', 'queue 21']
    const wanted = jobs.filter(job => tasks.includes(job.task) && queues.includes(job.queue)).toSorted(byRank)
    const answer = await claim(store, { tasks, queues, limit: 300 })
    expect(idsOf(answer.jobs)).toEqual(idsOf(wanted))
    expect(answer.nextRunAt).toBe(START + 777)
    expect(await claim(store, { tasks: ['unheard-of'], limit: 5 })).toMatchObject({ jobs: [], nextRunAt: undefined })
  })

  test('many lanes: many connections take disjoint jobs, and leave none', async ({ clock, store, beside }) => {
    const jobs = spread(600)
    await store.enqueue(jobs)
    clock.set(START + 100)
    const stores = [store, await beside(), await beside(), await beside()]
    const taken: string[] = []
    const takeAll = async (each: Store, node: string): Promise<void> => {
      for (;;) {
        const batch = (await claim(each, { node, tasks: ['report', 'invoice', 'mail'], limit: 40 })).jobs
        if (batch.length === 0) return
        taken.push(...idsOf(batch))
      }
    }
    await Promise.all(stores.map((each, index) => takeAll(each, `node-${index}`)))
    expect(taken.toSorted()).toEqual(idsOf(jobs).toSorted())
  })

  test('claim order: what becomes due together, however much it is and however it lies', async ({ clock, store }) => {
    const crowd = newJobs(4_000, { runAt: START + 1, queue: 'crowd' }).map((job, index) => ({
      ...job,
      priority: index % 7
    }))
    const urgent = newJob({ id: jobId(9_999), priority: -1, runAt: START + 9 })
    for (let from = 0; from < 4_000; from += 1_000) await store.enqueue(crowd.slice(from, from + 1_000))
    await store.enqueue([urgent])
    clock.set(START + 10)
    const expected = [urgent, ...crowd.toSorted(byRank)]
    expect(await claimedIds(store, 1)).toEqual([urgent.id])
    expect(await claimedIds(store, 700)).toEqual(idsOf(expected.slice(1, 701)))
    expect(await claimedIds(store, 20)).toEqual(idsOf(expected.slice(701, 721)))
  })
}

function testAging({ test }: Suite): void {
  const priorityAgingMs = 100
  const aged = (a: NewJob, b: NewJob): number =>
    a.runAt + a.priority * 100 - b.runAt - b.priority * 100 || (a.id < b.id ? -1 : 1)

  test('aging: a job that has waited long enough goes before more urgent ones', async ({ clock, store }) => {
    const patient = newJob({ priority: 5 })
    await store.enqueue([patient])
    clock.set(START + 499)
    await store.enqueue([newJob({ id: jobId(2) })])
    clock.set(START + 501)
    await store.enqueue([newJob({ id: jobId(3) })])
    expect(idsOf((await claim(store, { priorityAgingMs, limit: 1 })).jobs)).toEqual([jobId(2)])
    expect(idsOf((await claim(store, { priorityAgingMs, limit: 1 })).jobs)).toEqual([patient.id])
    expect(await claimedIds(store)).toEqual([jobId(3)])
  })

  for (const count of [20, 400])
    test(`aging: over ${count} jobs of many lanes, those that become due among them`, async ({ clock, store }) => {
      const jobs = spread(count).map(job => ({ ...job, runAt: START + (job.runAt - START) * 20 }))
      await store.enqueue(jobs)
      clock.set(START + 1_000)
      const taken: string[] = []
      for (const limit of [1, 7, 30, 400])
        taken.push(
          ...idsOf((await claim(store, { tasks: ['report', 'invoice', 'mail'], limit, priorityAgingMs })).jobs)
        )
      expect(taken).toEqual(idsOf(jobs.toSorted(aged)))
    })

  test('aging: of suspects, too', async ({ clock, store }) => {
    await suspectJob(store, { priority: 5 })
    clock.set(START + 501)
    await suspectJob(store, { id: jobId(2) })
    expect(idsOf((await claim(store, { mayTakeSuspect: true, priorityAgingMs })).jobs)).toEqual([jobId(1)])
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

/** A job that was once taken from a node which died with it. */
async function suspectJob(store: Store, over: Partial<NewJob> = {}): Promise<void> {
  await runningJob(store, over, 'node-that-died')
  expect(await store.rescue(10)).toHaveLength(1)
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
