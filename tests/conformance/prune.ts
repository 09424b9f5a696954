import { expect } from 'vitest'

import type { PruneRequest } from '../../src/store/reading.ts'
import type { Store } from '../../src/store/store.ts'
import {
  creation,
  claim,
  completed,
  failed,
  jobId,
  ledgerRow,
  newJob,
  newJobs,
  nodeRecord,
  runningJob,
  scheduleState
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testPrune(suite: Suite): void {
  testLedger(suite)
  testJobs(suite)
  testDroppedJobs(suite)
  testNodes(suite)
}

const nothing: PruneRequest = { ledgerBefore: 0, unsuccessfulBefore: 0, nodesBefore: 0, auditBefore: 0, limit: 100 }
const at = (minute: number): number => START + minute * 60_000

function testLedger({ test }: Suite): void {
  const rows = [
    ledgerRow({ fireAt: at(1) }),
    ledgerRow({ fireAt: at(2), lastFireAt: at(5), count: 4, outcome: 'paused' }),
    ledgerRow({ fireAt: at(6) })
  ]
  const fill = (store: Store): Promise<unknown> =>
    store.writeSchedules([{ ...creation(scheduleState()), ledger: rows }])
  const left = async (store: Store): Promise<unknown> =>
    (await store.listLedger({ scheduleId: 'minute-report', from: 0, until: at(99) }, { limit: 10 })).items

  test('prune: ledger rows whose last fire time is earlier', async ({ store }) => {
    await fill(store)
    expect(await store.prune({ ...nothing, ledgerBefore: at(5) })).toEqual({
      ledger: 1,
      jobs: 0,
      nodes: 0,
      tally: 0,
      audit: 0,
      sessions: 0
    })
    expect(await left(store)).toEqual(rows.slice(1))
    expect(await store.prune({ ...nothing, ledgerBefore: at(5) + 1 })).toMatchObject({ ledger: 1 })
    expect(await left(store)).toEqual(rows.slice(2))
  })

  test('prune: it is known until when the ledger may have gaps', async ({ store }) => {
    await fill(store)
    expect(await store.ledgerPrunedUntil()).toBeUndefined()
    await store.prune(nothing)
    expect(await store.ledgerPrunedUntil()).toBeUndefined()
    await store.prune({ ...nothing, ledgerBefore: at(6) })
    const until = await store.ledgerPrunedUntil()
    expect(until).toBeGreaterThanOrEqual(at(5))
    expect(until).toBeLessThan(at(6))
    await store.prune({ ...nothing, ledgerBefore: at(2) })
    expect(await store.ledgerPrunedUntil()).toBe(until)
  })

  test('prune: what is known of gaps is not forgotten for an older row that is dropped later', async ({ store }) => {
    await fill(store)
    await store.prune({ ...nothing, ledgerBefore: at(6) })
    const until = await store.ledgerPrunedUntil()
    const other = scheduleState({ id: 'another' })
    const older = ledgerRow({ scheduleId: 'another', fireAt: at(1) })
    await store.writeSchedules([{ ...creation(other), ledger: [older] }])
    expect(await store.prune({ ...nothing, ledgerBefore: at(2) })).toMatchObject({ ledger: 1 })
    expect(await store.ledgerPrunedUntil()).toBe(until)
  })

  test('prune: the schedule stays as it was, its history too', async ({ store }) => {
    await fill(store)
    const before = await store.listSchedules({ limit: 10 })
    await store.prune({ ...nothing, ledgerBefore: at(99) })
    expect(await left(store)).toEqual([])
    expect(await store.listSchedules({ limit: 10 })).toEqual(before)
    expect(await store.readTimeline('minute-report')).toHaveLength(1)
  })

  test('prune: no more ledger rows than the limit', async ({ store }) => {
    await fill(store)
    for (const count of [2, 1, 0])
      expect(await store.prune({ ...nothing, ledgerBefore: at(99), limit: 2 })).toMatchObject({ ledger: count })
  })
}

function testJobs({ test }: Suite): void {
  test('prune: completed jobs by what each of them keeps', async ({ clock, store }) => {
    await store.enqueue([newJob({ keepMs: 2_000 }), newJob({ id: jobId(2), keepMs: 1_000 })])
    await store.settle((await claim(store)).jobs.map(job => completed(job)))
    clock.set(START + 999)
    expect(await store.prune(nothing)).toEqual({ ledger: 0, jobs: 0, nodes: 0, tally: 0, audit: 0, sessions: 0 })
    clock.set(START + 1_001)
    expect(await store.prune(nothing)).toMatchObject({ jobs: 1 })
    expect((await store.listJobs({}, { limit: 10 })).items.map(job => job.id)).toEqual([jobId(1)])
    clock.set(START + 2_001)
    expect(await store.prune(nothing)).toMatchObject({ jobs: 1 })
  })

  test('prune: cancelled and discarded jobs by when they finished', async ({ clock, store }) => {
    await store.settle([failed(await runningJob(store, { keepMs: 1 }))])
    await store.enqueue([newJob({ id: jobId(2), keepMs: 1 })])
    clock.set(START + 10)
    await store.cancel([jobId(2)])
    clock.set(START + 5_000)
    expect(await store.prune({ ...nothing, unsuccessfulBefore: START })).toMatchObject({ jobs: 0 })
    expect(await store.prune({ ...nothing, unsuccessfulBefore: START + 10 })).toMatchObject({ jobs: 1 })
    expect((await store.listJobs({}, { limit: 10 })).items.map(job => job.id)).toEqual([jobId(2)])
    expect(await store.prune({ ...nothing, unsuccessfulBefore: START + 11 })).toMatchObject({ jobs: 1 })
  })
}

function testDroppedJobs({ test }: Suite): void {
  test('prune: no job that is not finished, however old', async ({ clock, store }) => {
    await store.enqueue([newJob({ keepMs: 1, runAt: START + 1 }), newJob({ id: jobId(2), keepMs: 1 })])
    await store.settle([failed(await runningJob(store, { id: jobId(3), keepMs: 1, priority: -1 }), START + 1)])
    await claim(store, { limit: 1 })
    clock.set(START + 9_000_000)
    expect(await store.prune({ ...nothing, unsuccessfulBefore: START + 9_000_000 })).toMatchObject({ jobs: 0 })
    expect((await store.listJobs({}, { limit: 10 })).items).toHaveLength(3)
  })

  test('prune: a dropped job is unknown, its steps with it, and its id is free', async ({ clock, store }) => {
    const attempt = await runningJob(store, { keepMs: 1 })
    await store.saveStep(attempt, { name: 'scrape', result: '1' })
    await store.settle([completed(attempt)])
    clock.set(START + 5_000)
    await store.prune(nothing)
    expect(await store.readJob(attempt.id)).toBeUndefined()
    expect(await store.readSteps(attempt.id)).toEqual([])
    expect(await store.settle([completed(attempt)])).toEqual(['unknown'])
    expect(await store.enqueue([newJob()])).toMatchObject([{ outcome: 'enqueued' }])
  })

  test('prune: no more jobs than the limit at a time', async ({ store }) => {
    await store.enqueue(newJobs(5))
    await store.cancel(newJobs(5).map(job => job.id))
    const request = { ...nothing, unsuccessfulBefore: START + 1, limit: 3 }
    expect(await store.prune(request)).toMatchObject({ jobs: 3 })
    expect(await store.prune(request)).toMatchObject({ jobs: 2 })
    expect(await store.prune(request)).toMatchObject({ jobs: 0 })
  })
}

function testNodes({ test }: Suite): void {
  test('prune: nodes by when they ended, and none that is alive', async ({ clock, store }) => {
    for (const id of ['alive', 'left', 'lost']) await store.join(nodeRecord({ id }))
    clock.set(START + 10)
    await store.leave('left')
    const counter = (await store.listNodes()).find(node => node.id === 'lost')?.counter
    await store.markLost('lost', counter!)
    clock.set(START + 90_000)
    expect(await store.prune({ ...nothing, nodesBefore: START + 10 })).toMatchObject({ nodes: 0 })
    expect(await store.prune({ ...nothing, nodesBefore: START + 11 })).toMatchObject({ nodes: 2 })
    expect((await store.listNodes()).map(node => node.id)).toEqual(['alive'])
  })

  test('prune: the jobs of a node that was dropped can still be rescued', async ({ clock, store }) => {
    await store.join(nodeRecord())
    await runningJob(store)
    await store.leave('node-a')
    clock.set(START + 10)
    await store.prune({ ...nothing, nodesBefore: START + 10 })
    expect(await store.listNodes()).toEqual([])
    expect(await store.rescue(10)).toHaveLength(1)
  })
}
