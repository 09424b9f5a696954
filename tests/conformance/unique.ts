import { expect } from 'vitest'
import type { NewJob } from '../../src/core/job/job.ts'
import { WHILE_KEPT, WHILE_WAITING } from '../../src/core/job/unique.ts'
import type { Store } from '../../src/store/store.ts'
import { claim, claimOne, completed, failed, givenBack, jobId, newJob, read, snoozed } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

const HOUR = 3_600_000
const KEPT = { uniqueUntil: WHILE_KEPT }
const WAITING = { uniqueUntil: WHILE_WAITING }

async function put(store: Store, number: number, over: Partial<NewJob> = {}): Promise<readonly [string, number]> {
  const [answer] = await store.enqueue([newJob({ id: jobId(number), uniqueKey: 'berth 4', ...over })])
  return [answer!.outcome, Number(answer!.id.slice(-4))]
}

/** How long a job holds its unique key, and what a second one does. */
export function testUnique(suite: Suite): void {
  testWaiting(suite)
  testKept(suite)
  testPeriod(suite)
  testReplace(suite)
  testRefusedReplace(suite)
}

function testWaiting({ test }: Suite): void {
  test('unique while waiting: the key is free once the job runs, and stays so', async ({ store }) => {
    expect(await put(store, 1, WAITING)).toEqual(['enqueued', 1])
    expect(await put(store, 2, WAITING)).toEqual(['duplicate', 1])
    const attempt = await claimOne(store)
    expect(await put(store, 2, WAITING)).toEqual(['enqueued', 2])
    await store.settle([givenBack(attempt)])
    expect(await read(store, jobId(1))).toMatchObject({ state: 'available', uniqueKey: undefined })
    expect(await put(store, 3)).toEqual(['duplicate', 2])
    const { jobs } = await claim(store)
    expect(jobs).toHaveLength(2)
    expect(await put(store, 3)).toEqual(['enqueued', 3])
    expect(await put(store, 4, WAITING)).toEqual(['duplicate', 3])
    await store.settle(jobs.map(job => completed(job)))
    expect(await put(store, 4, WAITING)).toEqual(['duplicate', 3])
  })

  test('unique while waiting: free after a cancel', async ({ store }) => {
    await put(store, 1, WAITING)
    await store.cancel([jobId(1)])
    expect(await put(store, 2)).toEqual(['enqueued', 2])
  })
}

function testKept({ test }: Suite): void {
  test('unique while kept: held by a finished job until it leaves the books', async ({ clock, store }) => {
    expect(await put(store, 1, KEPT)).toEqual(['enqueued', 1])
    expect(await put(store, 2, KEPT)).toEqual(['duplicate', 1])
    await store.settle([completed(await claimOne(store))])
    expect(await put(store, 2, KEPT)).toEqual(['duplicate', 1])
    expect(await put(store, 2)).toEqual(['duplicate', 1])
    expect(await put(store, 2, WAITING)).toEqual(['duplicate', 1])
    expect(await read(store, jobId(1))).toMatchObject({ uniqueKey: 'berth 4', uniqueUntil: WHILE_KEPT })
    clock.set(START + 2 * 86_400_000)
    await store.prune({ ledgerBefore: 0, unsuccessfulBefore: 0, nodesBefore: 0, auditBefore: 0, limit: 9 })
    expect(await put(store, 2, KEPT)).toEqual(['enqueued', 2])
  })

  test('unique while kept: free after a delete, and with a job that is not kept', async ({ store }) => {
    await put(store, 1, KEPT)
    await store.settle([failed(await claimOne(store))])
    expect(await put(store, 2)).toEqual(['duplicate', 1])
    await store.deleteJobs([jobId(1)])
    expect(await put(store, 2, { ...KEPT, keepMs: 0 })).toEqual(['enqueued', 2])
    await store.settle([completed(await claimOne(store))])
    expect(await put(store, 3)).toEqual(['enqueued', 3])
  })

  test('unique while kept: two in one batch, and the same id again', async ({ store }) => {
    const batch = [1, 2].map(number => newJob({ id: jobId(number), uniqueKey: 'berth 4', ...KEPT }))
    expect((await store.enqueue(batch)).map(({ outcome }) => outcome)).toEqual(['enqueued', 'duplicate'])
    await store.settle([completed(await claimOne(store))])
    expect((await store.enqueue(batch)).map(({ outcome }) => outcome)).toEqual(['exists', 'duplicate'])
    expect(await put(store, 2, { task: 'invoice' })).toEqual(['enqueued', 2])
    expect(await put(store, 3, { uniqueKey: 'berth 5' })).toEqual(['enqueued', 3])
  })

  test('unique while kept: retried it holds the key as before, and no other takes it by a retry', async ({ store }) => {
    await put(store, 1)
    await store.settle([completed(await claimOne(store))])
    await put(store, 2, KEPT)
    await store.settle([completed(await claimOne(store))])
    expect(await store.retry(jobId(1), undefined)).toBe('conflict')
    expect((await read(store, jobId(1))).state).toBe('completed')
    expect(await store.retry(jobId(2), undefined)).toBe('retried')
    expect(await store.retry(jobId(1), undefined)).toBe('conflict')
    await store.settle([completed(await claimOne(store))])
    expect(await put(store, 3)).toEqual(['duplicate', 2])
    await store.deleteJobs([jobId(2)])
    expect(await store.retry(jobId(1), undefined)).toBe('retried')
  })
}

function testPeriod({ test }: Suite): void {
  test('unique for a period: also when it has finished, and no longer', async ({ clock, store }) => {
    const hour = { uniqueUntil: START + HOUR }
    expect(await put(store, 1, hour)).toEqual(['enqueued', 1])
    await store.settle([failed(await claimOne(store))])
    clock.set(START + HOUR - 1)
    expect(await put(store, 2, hour)).toEqual(['duplicate', 1])
    clock.set(START + HOUR)
    expect(await put(store, 2, { uniqueUntil: START + 2 * HOUR })).toEqual(['enqueued', 2])
    clock.set(START + 3 * HOUR)
    expect(await put(store, 3)).toEqual(['duplicate', 2])
    await store.settle([completed(await claimOne(store))])
    expect(await put(store, 3)).toEqual(['enqueued', 3])
  })

  test('unique for a period: the job stays in the books as long, others leave', async ({ clock, store }) => {
    await put(store, 1, { uniqueUntil: START + HOUR })
    await put(store, 2, { uniqueKey: 'berth 5' })
    await put(store, 3, { uniqueKey: 'berth 6', ...KEPT })
    await store.cancel([1, 2, 3].map(jobId))
    clock.set(START + 10)
    const request = { ledgerBefore: 0, unsuccessfulBefore: START + 5, nodesBefore: 0, auditBefore: 0, limit: 9 }
    expect((await store.prune(request)).jobs).toBe(2)
    expect(await put(store, 4)).toEqual(['duplicate', 1])
    clock.set(START + HOUR)
    expect((await store.prune(request)).jobs).toBe(1)
  })
}

function testReplace({ test }: Suite): void {
  test('unique, replacing: the job that holds the key takes over the values', async ({ clock, store }) => {
    await put(store, 1)
    clock.set(START + 5)
    const values = { payload: '"newer"', runAt: START + HOUR, priority: -3, queue: 'slow', maxAttempts: 2, keepMs: 7 }
    expect(await put(store, 2, { ...values, replaces: true })).toEqual(['replaced', 1])
    const replaced = { ...values, state: 'scheduled', uniqueKey: 'berth 4', createdAt: START }
    expect(await read(store, jobId(1))).toMatchObject(replaced)
    expect(await store.readJob(jobId(2))).toBeUndefined()
    expect(await claim(store)).toMatchObject({ jobs: [], nextRunAt: START + HOUR })
    expect(await put(store, 3, { replaces: true })).toEqual(['replaced', 1])
    expect((await claim(store)).jobs).toMatchObject([
      { id: jobId(1), payload: newJob().payload, priority: 0, queue: 'default' }
    ])
    expect((await claim(store)).jobs).toEqual([])
  })

  test('unique, replacing: where nobody holds the key it is a new job, and the next of its batch replaces it', async ({
    store
  }) => {
    const jobs = [1, 2, 3].map(number =>
      newJob({ id: jobId(number), uniqueKey: 'berth 4', payload: `${number}`, replaces: true })
    )
    expect((await store.enqueue(jobs)).map(({ outcome, id }) => [outcome, id])).toEqual([
      ['enqueued', jobId(1)],
      ['replaced', jobId(1)],
      ['replaced', jobId(1)]
    ])
    expect((await claim(store)).jobs).toMatchObject([{ id: jobId(1), payload: '3' }])
  })

  test('unique, replacing: sent again under the id of the holder it exists', async ({ store }) => {
    await put(store, 1, { replaces: true })
    expect(await put(store, 1, { replaces: true, payload: '2' })).toEqual(['exists', 1])
  })
}

function testRefusedReplace({ test }: Suite): void {
  test('unique, replacing: not a job that has ever begun, nor a finished one', async ({ store }) => {
    await put(store, 1, KEPT)
    const attempt = await claimOne(store)
    const next = { replaces: true, payload: '"newer"' }
    expect(await put(store, 2, next)).toEqual(['duplicate', 1])
    await store.settle([givenBack(attempt)])
    expect(await put(store, 2, next)).toEqual(['duplicate', 1])
    await store.settle([snoozed(await claimOne(store), START + HOUR)])
    expect(await put(store, 2, next)).toEqual(['duplicate', 1])
    await store.cancel([jobId(1)])
    expect(await put(store, 2, next)).toEqual(['duplicate', 1])
    expect((await read(store, jobId(1))).payload).toBe(newJob().payload)
    await store.deleteJobs([jobId(1)])
    expect(await put(store, 2, next)).toEqual(['enqueued', 2])
  })
}
