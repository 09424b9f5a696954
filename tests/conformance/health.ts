import { expect } from 'vitest'
import type { ScheduleHealth } from '../../src/core/counts/health.ts'
import type { ClaimedJob, NewJob } from '../../src/core/job/job.ts'
import type { Store } from '../../src/store/store.ts'
import {
  claimOne,
  completed,
  creation,
  failed,
  givenBack,
  guardOf,
  jobId,
  loseNode,
  newJob,
  newJobs,
  readPages,
  runningJob,
  scheduleState,
  snoozed
} from './fixtures.ts'
import type { Setting, Suite } from './harness.ts'
import { START } from './suite.ts'

export function testHealth(suite: Suite): void {
  testSuccesses(suite)
  testFailures(suite)
  testFailing(suite)
}

const ID = 'minute-report'
const healthOf = async (store: Store, id = ID): Promise<ScheduleHealth | undefined> => (await store.readHealth([id]))[0]

let jobs = 0
/** A job of the schedule, claimed at the start and a second old. */
async function secondOld({ clock, store }: Setting, over: Partial<NewJob> = {}, node?: string): Promise<ClaimedJob> {
  const claimed = await runningJob(store, { id: jobId(++jobs), scheduleId: ID, ...over }, node)
  clock.set(clock.now() + 1_000)
  return claimed
}

const success = { scheduleId: ID, lastFinishedAt: START + 1_000, lastSuccessAt: START + 1_000, failuresInRow: 0 }
const never = { lastFinishedAt: undefined, lastSuccessAt: undefined, lastDurationMs: undefined }

function testSuccesses({ test }: Suite): void {
  const kinds: Readonly<Record<string, Partial<NewJob>>> = {
    'that is kept': {},
    'that is dropped': { keepMs: 0 },
    'that holds its unique key': { uniqueKey: 'Emden', uniqueUntil: START + 9_000_000 },
    'that is dropped and held a unique key': { uniqueKey: 'Leer', uniqueUntil: START + 9_000_000, keepMs: 0 }
  }
  for (const [kind, over] of Object.entries(kinds))
    test(`health: a success ends the failures, of a job ${kind}`, async setting => {
      const { store } = setting
      await store.settle([failed(await runningJob(store, { id: jobId(++jobs), scheduleId: ID }))])
      const job = await secondOld(setting, over)
      expect(await store.settle([completed(job, '1')])).toEqual(['accepted'])
      expect(await store.readHealth([ID])).toEqual([{ ...success, lastDurationMs: 1_000 }])
    })

  test('health: of a job with steps, dropped', async setting => {
    const job = await secondOld(setting, { keepMs: 0 })
    await setting.store.saveStep(job, { name: 'dock', result: '1' })
    await setting.store.settle([completed(job)])
    expect(await healthOf(setting.store)).toEqual({ ...success, lastDurationMs: 1_000 })
  })

  test('health: of a job completed in a transaction, and not if that is rolled back', async setting => {
    const { store } = setting
    const job = await secondOld(setting)
    const thrown = store.transact(job, () => {
      throw new Error('The harbour is closed.')
    })
    await expect(thrown).rejects.toThrow('closed')
    expect(await healthOf(store)).toBeUndefined()
    expect(await store.transact(job, () => '1')).toBe('written')
    expect(await healthOf(store)).toEqual({ ...success, lastDurationMs: 1_000 })
  })

  test('health: of each schedule its own; of a job without one nothing is kept', async ({ store }) => {
    const claimed: ClaimedJob[] = []
    for (const scheduleId of ['a', 'b', undefined, 'a'])
      claimed.push(await runningJob(store, { id: jobId(++jobs), scheduleId }))
    await store.settle([completed(claimed[0]!), failed(claimed[1]!), completed(claimed[2]!), completed(claimed[3]!)])
    const all = await store.readHealth(['b', 'a', 'c', 'a'])
    expect(all.toSorted((a, b) => (a.scheduleId < b.scheduleId ? -1 : 1))).toEqual([
      { scheduleId: 'a', lastFinishedAt: START, lastSuccessAt: START, failuresInRow: 0, lastDurationMs: 0 },
      { ...never, scheduleId: 'b', lastFinishedAt: START, failuresInRow: 1 }
    ])
    expect(await store.readHealth([])).toEqual([])
  })

  test('health: a stale report changes nothing, nor does one that is repeated', async ({ clock, store }) => {
    const job = await runningJob(store, { id: jobId(++jobs), scheduleId: ID })
    await store.settle([failed(job, START)])
    expect(await store.settle([failed(job, START)])).toEqual(['accepted'])
    expect(await healthOf(store)).toMatchObject({ failuresInRow: 1 })
    await claimOne(store)
    clock.set(START + 5)
    expect(await store.settle([completed(job), failed(job)])).toEqual(['stale', 'stale'])
    expect(await healthOf(store)).toEqual({ ...never, scheduleId: ID, failuresInRow: 1 })
  })
}

function testFailures({ test }: Suite): void {
  test('health: each failed attempt counts; only the last one of a job finishes it', async ({ store }) => {
    await store.settle([failed(await runningJob(store, { id: jobId(++jobs), scheduleId: ID }), START)])
    expect(await healthOf(store)).toEqual({ ...never, scheduleId: ID, failuresInRow: 1 })
    await store.settle([failed(await claimOne(store))])
    expect(await healthOf(store)).toEqual({ ...never, scheduleId: ID, lastFinishedAt: START, failuresInRow: 2 })
  })

  test('health: several of one schedule in one batch', async ({ store }) => {
    const claimed: ClaimedJob[] = []
    for (let index = 0; index < 3; index++) claimed.push(await runningJob(store, { id: jobId(++jobs), scheduleId: ID }))
    await store.settle(claimed.map((job, index) => failed(job, index === 0 ? START : undefined)))
    expect(await healthOf(store)).toMatchObject({ failuresInRow: 3, lastFinishedAt: START })
  })

  test('health: what is given back or put off is neither a success nor a failure', async ({ clock, store }) => {
    await store.settle([givenBack(await runningJob(store, { id: jobId(++jobs), scheduleId: ID }))])
    await store.settle([snoozed(await claimOne(store), START + 5)])
    expect(await healthOf(store)).toBeUndefined()
    clock.set(START + 5)
    await store.settle([completed(await claimOne(store))])
    expect(await healthOf(store)).toMatchObject({ lastSuccessAt: START + 5 })
  })

  test('health: a cancelled job has finished, and that is all', async ({ clock, store }) => {
    await store.settle([failed(await runningJob(store, { id: jobId(++jobs), scheduleId: ID }))])
    const [waiting, running] = [jobId(++jobs), jobId(++jobs)]
    const job = await runningJob(store, { id: running, scheduleId: ID })
    await store.enqueue([newJob({ id: waiting, scheduleId: ID })])
    clock.set(START + 5)
    expect(await store.cancel([waiting, running])).toEqual(['cancelled', 'requested'])
    const cancelled = { ...never, scheduleId: ID, lastFinishedAt: START + 5, failuresInRow: 1 }
    expect(await healthOf(store)).toEqual(cancelled)
    clock.set(START + 6)
    await store.settle([failed(job)])
    expect(await healthOf(store)).toEqual({ ...cancelled, lastFinishedAt: START + 6 })
  })

  test('health: a rescue that discards a job is a failure, one that frees it is none', async setting => {
    const { store } = setting
    await secondOld(setting, {}, 'node-that-died')
    await loseNode(store, 'node-that-died')
    await store.rescue(10)
    expect(await healthOf(store)).toBeUndefined()
    const once = await secondOld(setting, { delivery: 'at-most-once', task: 'mail' }, 'node-that-died')
    await store.markStarted(once)
    await store.rescue(10)
    expect(await healthOf(store)).toEqual({ ...never, scheduleId: ID, lastFinishedAt: START + 2_000, failuresInRow: 1 })
  })
}

function testFailing({ test }: Suite): void {
  const fail = async (store: Store, scheduleIds: readonly string[]): Promise<void> => {
    for (const scheduleId of scheduleIds)
      await store.settle([failed(await runningJob(store, { id: jobId(++jobs), scheduleId }))])
  }
  const failing = async (store: Store, limit: number): Promise<string[][]> => {
    const pages = await readPages(cursor => store.listFailing({ limit, cursor }))
    return pages.map(page => page.map(({ scheduleId }) => scheduleId))
  }

  test('failing: the schedules whose last attempt failed, in pages', async ({ store }) => {
    const ids = ['a', 'b', 'c', 'd']
    await store.writeSchedules(ids.map(id => creation(scheduleState({ id }))))
    expect(await failing(store, 2)).toEqual([[]])
    await fail(store, ['d', 'a', 'c', 'b', 'no-schedule', 'a'])
    await store.settle([completed(await runningJob(store, { id: jobId(++jobs), scheduleId: 'b' }))])
    expect(await failing(store, 2)).toEqual([['a', 'c'], ['d']])
    expect((await store.listFailing({ limit: 1 })).items).toMatchObject([{ scheduleId: 'a', failuresInRow: 2 }])
  })

  test('failing: no schedule that is removed, and none of its past when it is made again', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    await fail(store, [ID])
    const late = await runningJob(store, { id: jobId(++jobs), scheduleId: ID })
    const removed = { ...state, phase: 'removed', revision: 2, nextFireAt: undefined } as const
    const write = { guard: guardOf(state), state: removed, ledger: [], jobs: [], timeline: [] }
    expect(await store.writeSchedules([write])).toEqual(['written'])
    expect(await healthOf(store)).toBeUndefined()
    await store.settle([failed(late)])
    expect(await healthOf(store)).toMatchObject({ failuresInRow: 1 })
    expect(await failing(store, 10)).toEqual([[]])
  })

  test('failing: jobs without a schedule that a large claim took are no matter of health', async ({ store }) => {
    await store.enqueue(newJobs(20))
    const claimed = (
      await store.claim({ node: 'node-a', tasks: ['report'], queues: undefined, limit: 20, mayTakeSolo: false })
    ).jobs
    await store.settle(claimed.map((job, index) => (index % 2 === 0 ? completed(job) : failed(job))))
    expect(await failing(store, 10)).toEqual([[]])
  })
}
