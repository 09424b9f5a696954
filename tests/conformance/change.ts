import { expect } from 'vitest'
import {
  claim,
  claimedIds,
  claimOne,
  completed,
  failed,
  jobId,
  newJob,
  newJobs,
  read,
  runningJob,
  snoozed,
  soloJob
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

const HOUR = 3_600_000

/** What operators change of jobs that wait, and delete of those that have finished. */
export function testChange(suite: Suite): void {
  testTimes(suite)
  testOrder(suite)
  testRefused(suite)
  testDelete(suite)
}

function testTimes({ test }: Suite): void {
  test('change: a job runs later, or at once', async ({ clock, store }) => {
    await store.enqueue([newJob()])
    expect(await store.changeJob(jobId(1), { runAt: START + HOUR })).toBe('changed')
    expect(await read(store, jobId(1))).toMatchObject({
      state: 'scheduled',
      runAt: START + HOUR,
      payload: newJob().payload
    })
    expect(await claim(store)).toMatchObject({ jobs: [], nextRunAt: START + HOUR })
    clock.set(START + 5)
    expect(await store.changeJob(jobId(1), { runAt: START })).toBe('changed')
    expect(await read(store, jobId(1))).toMatchObject({ state: 'available', runAt: START + 5 })
    expect(await claimedIds(store)).toEqual([jobId(1)])
  })

  test('change: one that failed stays retryable, one that was put off is scheduled', async ({ store }) => {
    await store.settle([failed(await runningJob(store), START + 5)])
    expect(await store.changeJob(jobId(1), { runAt: START + HOUR })).toBe('changed')
    expect(await read(store, jobId(1))).toMatchObject({ state: 'retryable', failures: 1, runAt: START + HOUR })
    await store.settle([snoozed(await runningJob(store, { id: jobId(2) }), START + 5)])
    expect(await store.changeJob(jobId(2), { runAt: START + HOUR })).toBe('changed')
    expect(await read(store, jobId(2))).toMatchObject({ state: 'scheduled', snoozes: 1, snoozedAt: undefined })
    expect(await store.changeJob(jobId(1), { runAt: 0 })).toBe('changed')
    expect(await claimOne(store)).toMatchObject({ id: jobId(1), attempt: 2 })
  })

  test('change: an instant that was asked for is not hastened', async ({ clock, store }) => {
    clock.set(START + HOUR)
    await store.enqueue([newJob({ runAt: START + HOUR + 10_000, isDelayed: true })])
    await store.changeJob(jobId(1), { runAt: START + HOUR + 20_000 })
    clock.jump(-HOUR)
    expect(await store.hastenJobs(2_000)).toBe(0)
  })
}

function testOrder({ test }: Suite): void {
  test('change: the priority decides what runs first', async ({ store }) => {
    await store.enqueue(newJobs(3))
    expect(await store.changeJob(jobId(3), { priority: -5 })).toBe('changed')
    expect(await store.changeJob(jobId(1), { priority: 7 })).toBe('changed')
    expect(await read(store, jobId(3))).toMatchObject({ priority: -5, state: 'available', runAt: START })
    expect(await claimedIds(store)).toEqual([3, 2, 1].map(jobId))
  })

  test('change: the payload, the time and the priority at once, of many in one lane', async ({ store }) => {
    await store.enqueue(newJobs(4))
    expect(await store.changeJob(jobId(2), { payload: '7', priority: 1, runAt: START + 1 })).toBe('changed')
    expect(await store.changeJob(jobId(1), { payload: '"first"' })).toBe('changed')
    expect((await claim(store)).jobs).toMatchObject([
      { id: jobId(1), payload: '"first"' },
      { id: jobId(3) },
      { id: jobId(4) }
    ])
    expect(await read(store, jobId(2))).toMatchObject({ payload: '7', priority: 1, runAt: START + 1 })
  })

  test('change: a solo job stays one', async ({ store }) => {
    await soloJob(store)
    expect(await store.changeJob(jobId(1), { priority: 3 })).toBe('changed')
    expect((await claim(store)).jobs).toEqual([])
    expect(await claimOne(store, { mayTakeSolo: true })).toMatchObject({ id: jobId(1), priority: 3, rescues: 1 })
  })
}

function testRefused({ test }: Suite): void {
  test('change: not of one that runs, has finished, or is not there', async ({ store }) => {
    const attempt = await runningJob(store)
    expect(await store.changeJob(attempt.id, { priority: 1 })).toBe('not-waiting')
    expect(await store.changeJob(attempt.id, { payload: '1' })).toBe('not-waiting')
    await store.settle([completed(attempt)])
    expect(await store.changeJob(attempt.id, { runAt: START })).toBe('not-waiting')
    expect(await store.changeJob(jobId(404), { runAt: START })).toBe('unknown')
    expect(await store.changeJob('no id', { runAt: START })).toBe('unknown')
    await store.enqueue(Array.from({ length: 30 }, (_, index) => newJob({ id: jobId(index + 10) })))
    await claim(store, { limit: 30 })
    expect(await store.changeJob(jobId(12), { priority: 1 })).toBe('not-waiting')
  })

  test('change: the payload of one that was claimed before stays, and with it all else', async ({ store }) => {
    await store.settle([failed(await runningJob(store), START + 5)])
    expect(await store.changeJob(jobId(1), { payload: '1', runAt: START + HOUR })).toBe('begun')
    expect(await read(store, jobId(1))).toMatchObject({ payload: newJob().payload, runAt: START + 5 })
  })
}

function testDelete({ test }: Suite): void {
  test('delete: finished jobs and their steps, and no others', async ({ store }) => {
    const done = await runningJob(store)
    await store.saveStep(done, { name: 'scrape', result: '1' })
    await store.settle([completed(done)])
    await store.settle([failed(await runningJob(store, { id: jobId(2) }))])
    await store.enqueue([newJob({ id: jobId(3) }), newJob({ id: jobId(4) })])
    await store.cancel([jobId(3)])
    const ids = [1, 2, 3, 4, 404, 1].map(jobId)
    const answers = ['deleted', 'deleted', 'deleted', 'not-finished', 'unknown', 'unknown']
    expect(await store.deleteJobs([...ids, 'no id'])).toEqual([...answers, 'unknown'])
    expect(await store.readSteps(jobId(1))).toEqual([])
    expect((await store.listJobs({}, { limit: 9 })).items.map(({ id }) => id)).toEqual([jobId(4)])
    expect(await store.enqueue([newJob()])).toMatchObject([{ outcome: 'enqueued' }])
    expect(await store.deleteJobs([])).toEqual([])
  })
}
