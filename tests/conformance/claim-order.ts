import { expect } from 'vitest'

import type { NewJob } from '../../src/core/job/job.ts'
import type { Store } from '../../src/store/store.ts'
import { claim, claimedIds, failed, idsOf, jobId, newJob, newJobs, runningJob, soloJob } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testClaimOrder(suite: Suite): void {
  testOrder(suite)
  testManyLanes(suite)
  testDueTogether(suite)
  testAging(suite)
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
}

function testDueTogether({ test }: Suite): void {
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

  test('aging: of solo jobs, too', async ({ clock, store }) => {
    await soloJob(store, { priority: 5 })
    clock.set(START + 501)
    await soloJob(store, { id: jobId(2) })
    expect(idsOf((await claim(store, { mayTakeSolo: true, priorityAgingMs })).jobs)).toEqual([jobId(1)])
  })
}
