import { expect } from 'vitest'
import type { LedgerOutcome } from '../../src/core/schedule/ledger.ts'
import type { Store } from '../../src/store/store.ts'
import { claim, completed, creation, failed, jobId, ledgerRow, newJob, runningJob, scheduleState } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

/** What a pass reads to judge the books. Each read is bounded, however many jobs and schedules there are. */
export function testAlertSights(suite: Suite): void {
  testWaiting(suite)
  testJobs(suite)
  testDecisions(suite)
}

function testWaiting({ test }: Suite): void {
  test('alert sights: the oldest due job of each task and queue', async ({ store, clock }) => {
    await store.enqueue([
      newJob({ id: jobId(1), runAt: START }),
      newJob({ id: jobId(2), runAt: START + 1_000, priority: -1 }),
      newJob({ id: jobId(3), runAt: START + 5_000, queue: 'slow' }),
      newJob({ id: jobId(4), runAt: START + 60_000, task: 'mail' })
    ])
    await store.pauseQueue('slow', true)
    expect(await store.readWaiting()).toEqual({
      lanes: [{ task: 'report', queue: 'default', runAt: START }],
      pausedQueues: new Map([['slow', START]])
    })
    await claim(store, { limit: 1 })
    clock.set(START + 60_000)
    const { lanes } = await store.readWaiting()
    expect(lanes).toContainEqual({ task: 'mail', queue: 'default', runAt: START + 60_000 })
    expect(lanes).toContainEqual({ task: 'report', queue: 'slow', runAt: START + 5_000 })
    expect(lanes).toHaveLength(3)
  })

  test('alert sights: a rescued job waits too', async ({ store }) => {
    await runningJob(store, {}, 'node-that-never-was')
    expect((await store.readWaiting()).lanes).toEqual([])
    expect(await store.rescue(10)).toHaveLength(1)
    expect((await store.readWaiting()).lanes).toHaveLength(1)
  })
}

function testJobs({ test }: Suite): void {
  test('alert sights: jobs of schedules that nobody has claimed, the oldest first', async ({ store, clock }) => {
    const ofSchedule = { scheduleId: 'minute-report', fireAt: START, origin: 'fire' } as const
    await store.enqueue([
      newJob({ id: jobId(1), runAt: START + 2_000, ...ofSchedule }),
      newJob({ id: jobId(2), runAt: START + 1_000, ...ofSchedule, queue: 'slow' }),
      newJob({ id: jobId(3), runAt: START + 1_000 })
    ])
    clock.set(START + 10_000)
    const ids = async (before: number, limit = 10): Promise<string[]> =>
      (await store.startlessJobs(before, limit)).map(({ id }) => id)
    expect(await store.startlessJobs(START + 2_000, 10)).toEqual([
      {
        id: jobId(2),
        scheduleId: 'minute-report',
        fireAt: START,
        runAt: START + 1_000,
        task: 'report',
        queue: 'slow'
      }
    ])
    expect(await ids(START + 2_001)).toEqual([jobId(2), jobId(1)])
    expect(await ids(START + 2_001, 1)).toEqual([jobId(2)])
    const { jobs } = await claim(store, { limit: 10, queues: ['default'] })
    expect(await ids(START + 10_000)).toEqual([jobId(2)])
    await store.settle(jobs.map(job => failed(job, START + 20_000)))
    clock.set(START + 30_000)
    expect(await ids(START + 30_000)).toEqual([jobId(2)])
  })

  test('alert sights: discarded jobs since an instant, newest first, with their last failure', async ({
    store,
    clock
  }) => {
    await store.settle([failed(await runningJob(store, { id: jobId(1) }))])
    clock.set(START + 1_000)
    const ofSchedule = { scheduleId: 'minute-report', fireAt: START, origin: 'fire', task: 'mail' } as const
    await store.settle([failed(await runningJob(store, { id: jobId(2), ...ofSchedule }))])
    await store.settle([completed(await runningJob(store, { id: jobId(3) }))])
    const all = await store.discardedJobs(START, 10)
    expect(all.map(({ id, finishedAt }) => [id, finishedAt])).toEqual([
      [jobId(2), START + 1_000],
      [jobId(1), START]
    ])
    expect(all[0]).toMatchObject({ task: 'mail', scheduleId: 'minute-report', fireAt: START })
    expect(all[0]?.problem).toBe((await store.readJob(jobId(2)))?.errors.at(-1)?.message)
    expect(await store.discardedJobs(START + 1_001, 10)).toEqual([])
    expect(await store.discardedJobs(START, 1)).toHaveLength(1)
  })
}

async function decided(store: Store, id: string, outcome: LedgerOutcome, decidedAt: number): Promise<void> {
  const state = scheduleState({ id, nextFireAt: decidedAt, timezoneData: '2026a' })
  const row = ledgerRow({ scheduleId: id, outcome, jobId: undefined, decidedAt })
  expect(await store.writeSchedules([{ ...creation(state), ledger: [row] }])).toEqual(['written'])
}

function testDecisions({ test }: Suite): void {
  test('alert sights: schedules that missed a fire time since an instant', async ({ store }) => {
    await decided(store, 'misfired', 'misfired', START + 1)
    await decided(store, 'overlapped', 'overlapped', START + 2)
    await decided(store, 'paused', 'paused', START + 3)
    await decided(store, 'old', 'misfired', START - 1)
    expect(await store.schedulesThatMissed(START, 10)).toEqual(['overlapped', 'misfired'])
    expect(await store.schedulesThatMissed(START, 1)).toEqual(['overlapped'])
  })

  test('alert sights: active schedules that have no next fire time', async ({ store }) => {
    const states = [
      scheduleState({ id: 'b', nextFireAt: undefined }),
      scheduleState({ id: 'a', nextFireAt: undefined }),
      scheduleState({ id: 'paused', phase: 'paused', nextFireAt: undefined }),
      scheduleState({ id: 'fires' })
    ]
    await store.writeSchedules(states.map(state => creation(state)))
    expect((await store.endlessSchedules(10)).map(({ state }) => state.id)).toEqual(['a', 'b'])
    expect(await store.endlessSchedules(1)).toMatchObject([{ state: { id: 'a' }, liveJobs: 0 }])
  })
}
