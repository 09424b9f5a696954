import { expect } from 'vitest'

import { LONE_DEATHS_OF_POISON } from '../../src/core/job/settle.ts'
import type { Store } from '../../src/store/store.ts'
import {
  creation,
  claim,
  claimOne,
  completed,
  jobId,
  newJob,
  newJobs,
  nodeRecord,
  read,
  runningJob,
  scheduleState
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testRescue(suite: Suite): void {
  testWhose(suite)
  testHowMany(suite)
  testWhatBecomes(suite)
  testEnds(suite)
  testPoison(suite)
}

const idsRescued = async (store: Store, limit = 10): Promise<string[]> =>
  (await store.rescue(limit)).map(job => job.id).toSorted()

function testWhose({ test }: Suite): void {
  test('rescue: never from a node that is alive', async ({ store }) => {
    await store.join(nodeRecord())
    await runningJob(store)
    expect(await store.rescue(10)).toEqual([])
    expect((await read(store, jobId(1))).state).toBe('running')
  })

  test('rescue: from a node that was marked as lost', async ({ store }) => {
    await store.join(nodeRecord())
    await runningJob(store)
    await store.markLost('node-a', (await store.listNodes())[0]!.counter)
    expect(await idsRescued(store)).toEqual([jobId(1)])
  })

  test('rescue: from a node that left', async ({ store }) => {
    await store.join(nodeRecord())
    await runningJob(store)
    await store.leave('node-a')
    expect(await idsRescued(store)).toEqual([jobId(1)])
  })

  test('rescue: from a node that nobody ever heard of', async ({ store }) => {
    await runningJob(store, {}, 'node-never-joined')
    expect(await idsRescued(store)).toEqual([jobId(1)])
  })
}

function testHowMany({ test }: Suite): void {
  test('rescue: what was claimed after the node was lost, too', async ({ store }) => {
    await store.join(nodeRecord())
    await store.leave('node-a')
    await store.rescue(10)
    await runningJob(store)
    expect(await idsRescued(store)).toEqual([jobId(1)])
  })

  test('rescue: only what runs, and only of the dead among the living', async ({ store }) => {
    await store.join(nodeRecord())
    await store.enqueue(newJobs(5))
    await claim(store, { limit: 2 })
    const [ended] = (await claim(store, { limit: 2, node: 'node-that-died' })).jobs
    await store.settle([completed(ended!)])
    expect(await idsRescued(store)).toEqual([jobId(4)])
    expect(await idsRescued(store)).toEqual([])
  })

  test('rescue: no more than asked for, the rest by the next sweep', async ({ store }) => {
    await store.enqueue(newJobs(3))
    await claim(store, { node: 'node-that-died' })
    const first = await idsRescued(store, 2)
    const second = await idsRescued(store, 2)
    expect([first.length, second.length]).toEqual([2, 1])
    expect([...first, ...second].toSorted()).toEqual([jobId(1), jobId(2), jobId(3)])
  })

  test('rescue: of many rescuers one frees a job, and counts it once', async ({ store, beside }) => {
    await store.enqueue(newJobs(5))
    await claim(store, { node: 'node-that-died' })
    const stores = [store, await beside(), await beside()]
    const freed = (await Promise.all(stores.map(each => idsRescued(each)))).flat()
    expect(freed.toSorted()).toEqual(newJobs(5).map(job => job.id))
    for (const job of (await store.listJobs({}, { limit: 10 })).items) expect(job.rescues).toBe(1)
  })
}

function testWhatBecomes({ test }: Suite): void {
  test('rescue: the job is free again, the rescue counted and no failure', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    await store.enqueue([newJob({ scheduleId: state.id })])
    const attempt = await claimOne(store, { node: 'node-that-died' })
    await store.markStarted(attempt)
    expect(await store.rescue(10)).toEqual([
      { id: jobId(1), task: 'report', scheduleId: state.id, node: 'node-that-died', state: 'available' }
    ])
    const free = {
      state: 'available',
      failures: 0,
      rescues: 1,
      errors: [],
      node: undefined,
      startedAt: undefined,
      runAt: START
    }
    expect(await read(store, jobId(1))).toMatchObject(free)
    expect((await store.readSchedules([state.id])).schedules[0]?.liveJobs).toBe(1)
    expect(await claimOne(store, { mayTakeSolo: true })).toMatchObject({ attempt: 1, rescues: 1 })
  })

  test('rescue: what is free again is due from the rescue on', async ({ clock, store }) => {
    await runningJob(store, {}, 'node-that-died')
    clock.set(START + 60_000)
    await store.rescue(10)
    expect((await read(store, jobId(1))).runAt).toBe(START + 60_000)
    expect(await claim(store)).toMatchObject({ jobs: [], soloSince: START + 60_000 })
  })

  test('rescue: a job of no schedule says so', async ({ store }) => {
    await runningJob(store, {}, 'node-that-died')
    expect((await store.rescue(10))[0]?.scheduleId).toBeUndefined()
  })

  test('rescue: an at-most-once job that had not begun is free', async ({ store }) => {
    await runningJob(store, { delivery: 'at-most-once' }, 'node-that-died')
    expect(await store.rescue(10)).toMatchObject([{ state: 'available' }])
  })
}

function testEnds({ test }: Suite): void {
  test('rescue: an at-most-once job that had begun is lost, visibly', async ({ clock, store }) => {
    const attempt = await runningJob(store, { delivery: 'at-most-once', uniqueKey: 'berth 4' }, 'node-that-died')
    await store.markStarted(attempt)
    clock.set(START + 50)
    expect(await store.rescue(10)).toMatchObject([{ id: jobId(1), state: 'discarded' }])
    const job = await read(store, jobId(1))
    expect(job).toMatchObject({ state: 'discarded', failures: 0, rescues: 1, finishedAt: START + 50 })
    expect(job.errors).toMatchObject([{ code: 'lost', at: START + 50 }])
    expect((await claim(store, { mayTakeSolo: true })).jobs).toEqual([])
    expect(await store.enqueue([newJob({ id: jobId(2), uniqueKey: 'berth 4' })])).toMatchObject([
      { outcome: 'enqueued' }
    ])
  })

  test('rescue: a job whose cancel was asked for is cancelled', async ({ clock, store }) => {
    await runningJob(store, {}, 'node-that-died')
    await store.cancel([jobId(1)])
    clock.set(START + 50)
    expect(await store.rescue(10)).toMatchObject([{ state: 'cancelled' }])
    expect(await read(store, jobId(1))).toMatchObject({ state: 'cancelled', rescues: 1, finishedAt: START + 50 })
  })
}

/** Runs the job on a node that dies with it. */
async function dieAlone(store: Store): Promise<string | undefined> {
  await claimOne(store, { node: 'node-that-died', mayTakeSolo: true })
  return (await store.rescue(10))[0]?.state
}

function testPoison({ test }: Suite): void {
  test('rescue: a job that dies alone too often is poison', async ({ store }) => {
    await store.enqueue([newJob()])
    for (let death = 0; death < LONE_DEATHS_OF_POISON; death++) expect(await dieAlone(store)).toBe('available')
    expect(await dieAlone(store)).toBe('discarded')
    const job = await read(store, jobId(1))
    expect(job).toMatchObject({ rescues: LONE_DEATHS_OF_POISON + 1, failures: 0, finishedAt: START })
    expect(job.errors.at(-1)?.code).toBe('poison')
  })

  test('rescue: an operator can try a poisoned job anew, beside others', async ({ store }) => {
    await store.enqueue([newJob()])
    for (let death = 0; death <= LONE_DEATHS_OF_POISON; death++) await dieAlone(store)
    expect(await store.retry(jobId(1), undefined)).toBe('retried')
    expect(await claimOne(store)).toMatchObject({ id: jobId(1), rescues: 0, attempt: 1 })
  })
}
