import { expect } from 'vitest'

import type { Store } from '../../src/store/store.ts'
import {
  creation,
  claim,
  claimOne,
  completed,
  failed,
  fireWrite,
  guardOf,
  jobId,
  newJob,
  newJobs,
  read,
  readState,
  runningJob,
  scheduleState
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testSteering(suite: Suite): void {
  testCancel(suite)
  testRetry(suite)
  testRetryLimits(suite)
  testRetryOfSchedule(suite)
  testQueues(suite)
}

function testCancel({ test }: Suite): void {
  test('cancel: a job that waits ends at once, whatever it waits for', async ({ clock, store }) => {
    await store.settle([failed(await runningJob(store), START + 5)])
    await store.enqueue([newJob({ id: jobId(2) }), newJob({ id: jobId(3), runAt: START + 5 })])
    clock.set(START + 2)
    expect(await store.cancel([1, 2, 3].map(jobId))).toEqual(['cancelled', 'cancelled', 'cancelled'])
    for (const id of [1, 2, 3].map(jobId))
      expect(await read(store, id)).toMatchObject({ state: 'cancelled', finishedAt: START + 2 })
    clock.set(START + 10)
    expect(await claim(store)).toMatchObject({ jobs: [], nextRunAt: undefined })
  })

  test('cancel: a running job is asked, once, and runs on', async ({ clock, store }) => {
    const attempt = await runningJob(store)
    clock.set(START + 2)
    expect(await store.cancel([attempt.id])).toEqual(['requested'])
    clock.set(START + 4)
    expect(await store.cancel([attempt.id])).toEqual(['requested'])
    expect(await read(store, attempt.id)).toMatchObject({ state: 'running', cancelRequestedAt: START + 2 })
    expect(await store.saveProgress(attempt, '0.5')).toBe(true)
  })

  test('cancel: finished ones stay as they are, unknown ones unknown, each with its answer', async ({ store }) => {
    await store.settle([completed(await runningJob(store))])
    await store.enqueue([newJob({ id: jobId(2) })])
    expect(await store.cancel([jobId(404), jobId(1), jobId(2)])).toEqual(['unknown', 'finished', 'cancelled'])
    expect((await read(store, jobId(1))).state).toBe('completed')
    expect(await store.cancel([jobId(2)])).toEqual(['finished'])
    expect(await store.cancel([])).toEqual([])
  })
}

function testRetry({ test }: Suite): void {
  const clean = {
    failures: 0,
    rescues: 0,
    errors: [],
    node: undefined,
    claimedAt: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    cancelRequestedAt: undefined,
    progress: undefined,
    result: undefined
  }
  const ends: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
    ['completed', async store => store.settle([completed(await claimOne(store), '1')])],
    ['discarded', async store => store.settle([failed(await claimOne(store))])],
    ['cancelled', store => store.cancel([jobId(1)])]
  ]
  for (const [state, end] of ends)
    test(`retry: a ${state} job lives anew, without its past`, async ({ clock, store }) => {
      await store.enqueue([newJob()])
      await end(store)
      const former = await read(store, jobId(1))
      expect(former.state).toBe(state)
      clock.set(START + 9)
      expect(await store.retry(jobId(1), undefined)).toBe('retried')
      const { fence: _fence, ...anew } = await read(store, jobId(1))
      const { fence, ...past } = former
      expect(anew).toEqual({ ...past, ...clean, state: 'available', runAt: START + 9 })
      const attempt = await claimOne(store)
      expect(attempt).toMatchObject({ attempt: 1, rescues: 0 })
      expect(attempt.fence).toBeGreaterThan(fence ?? Number.NEGATIVE_INFINITY)
    })

  test('retry: only of a job that is finished', async ({ store }) => {
    expect(await store.retry(jobId(404), undefined)).toBe('unknown')
    await store.enqueue([newJob()])
    expect(await store.retry(jobId(1), undefined)).toBe('not-finished')
    const attempt = await claimOne(store)
    await store.cancel([attempt.id])
    expect(await store.retry(jobId(1), undefined)).toBe('not-finished')
    await store.settle([failed(attempt)])
    expect(await store.retry(jobId(1), undefined)).toBe('retried')
    expect(await store.retry(jobId(1), undefined)).toBe('not-finished')
  })
}

function testRetryLimits({ test }: Suite): void {
  test('retry: an attempt of the former life may write no more', async ({ store }) => {
    const former = await runningJob(store)
    await store.settle([failed(former)])
    await store.retry(former.id, undefined)
    await claimOne(store)
    expect(await store.settle([completed(former)])).toEqual(['stale'])
    expect(await store.saveProgress(former, '1')).toBe(false)
  })

  test('retry: not while another live job holds its unique key', async ({ store }) => {
    await store.settle([failed(await runningJob(store, { uniqueKey: 'berth 4' }))])
    await store.enqueue([newJob({ id: jobId(2), uniqueKey: 'berth 4' })])
    const before = await read(store, jobId(1))
    expect(await store.retry(jobId(1), undefined)).toBe('conflict')
    expect(await read(store, jobId(1))).toEqual(before)
    await store.cancel([jobId(2)])
    expect(await store.retry(jobId(1), undefined)).toBe('retried')
    expect(await store.enqueue([newJob({ id: jobId(3), uniqueKey: 'berth 4' })])).toEqual([
      { outcome: 'duplicate', id: jobId(1) }
    ])
  })
}

function testRetryOfSchedule({ test }: Suite): void {
  const firedAndFailed = async (store: Store, setClock: (at: number) => void): Promise<void> => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    await store.writeSchedules([fireWrite(state)])
    setClock(START + 60_000)
    await store.settle([failed(await claimOne(store))])
  }

  test('retry: a job of a schedule is created again under its guard', async ({ clock, store }) => {
    await firedAndFailed(store, at => clock.set(at))
    const state = await readState(store)
    for (const field of ['decidedUntil', 'revision', 'jobsCreated'] as const)
      expect(await store.retry(jobId(1), { ...guardOf(state), [field]: 0 })).toBe('conflict')
    expect(await store.retry(jobId(1), undefined)).toBe('conflict')
    expect((await read(store, jobId(1))).state).toBe('discarded')
    expect(await store.retry(jobId(1), guardOf(state))).toBe('retried')
    const { jobsCreated, decidedUntil, revision } = await readState(store)
    expect({ jobsCreated, decidedUntil, revision }).toEqual({ ...guardOf(state), jobsCreated: state.jobsCreated + 1 })
  })

  test('retry: a decision that was read before it is a conflict', async ({ clock, store }) => {
    await firedAndFailed(store, at => clock.set(at))
    const state = await readState(store)
    const decision = fireWrite(state, { id: jobId(2) })
    await store.retry(jobId(1), guardOf(state))
    expect(await store.writeSchedules([decision])).toEqual(['conflict'])
    expect(await store.readJob(jobId(2))).toBeUndefined()
  })

  test('retry: of two operators who read the same one wins', async ({ clock, store, beside }) => {
    await firedAndFailed(store, at => clock.set(at))
    const guard = guardOf(await readState(store))
    const other = await beside()
    const answers = await Promise.all([store.retry(jobId(1), guard), other.retry(jobId(1), guard)])
    expect(answers.filter(answer => answer === 'retried')).toHaveLength(1)
    expect((await readState(store)).jobsCreated).toBe(guard.jobsCreated + 1)
  })
}

function testQueues({ test }: Suite): void {
  test('queues: what is unfinished, by state, and since when a queue is paused', async ({ clock, store }) => {
    await store.enqueue([
      ...newJobs(3),
      newJob({ id: jobId(4), runAt: START + 9 }),
      newJob({ id: jobId(5), queue: 'pictures' })
    ])
    await store.settle([completed(await claimOne(store, { queues: ['default'] }))])
    await claimOne(store, { queues: ['default'] })
    clock.set(START + 3)
    await store.pauseQueue('empty', true)
    await store.pauseQueue('pictures', true)
    clock.set(START + 4)
    await store.pauseQueue('pictures', true)
    const queues = await store.listQueues()
    expect(queues.toSorted((a, b) => a.queue.localeCompare(b.queue))).toEqual([
      { queue: 'default', pausedAt: undefined, counts: { available: 1, running: 1, scheduled: 1 } },
      { queue: 'empty', pausedAt: START + 3, counts: {} },
      { queue: 'pictures', pausedAt: START + 3, counts: { available: 1 } }
    ])
  })

  test('queues: one that was resumed is not paused', async ({ store }) => {
    await store.enqueue([newJob()])
    await store.pauseQueue('default', true)
    await store.pauseQueue('default', false)
    expect(await store.listQueues()).toMatchObject([{ queue: 'default', pausedAt: undefined }])
  })
}
