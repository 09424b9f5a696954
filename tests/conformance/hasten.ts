import { expect } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { claimOne, jobId, newJob, nodeRecord, read } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

const HOUR = 3_600_000
const TOLERANCE_MS = 2_000

const runAtOf = async (store: Store, id: string): Promise<number> => (await read(store, id)).runAt - START

/** After a clock that ran ahead by an hour: what had been put off by it. */
export function testHasten({ test }: Suite): void {
  test('hasten: a delay is counted from now on, and a runAt that was asked for stays', async ({ clock, store }) => {
    clock.set(START + HOUR)
    const delayed = newJob({ runAt: START + HOUR + 10_000, isDelayed: true })
    const asked = newJob({ id: jobId(2), runAt: START + HOUR + 10_000 })
    await store.enqueue([delayed, asked])
    clock.jump(-HOUR)
    expect(await store.hastenJobs(TOLERANCE_MS)).toBe(1)
    expect([await runAtOf(store, jobId(1)), await runAtOf(store, jobId(2))]).toEqual([10_000, HOUR + 10_000])
    expect(await read(store, jobId(1))).toMatchObject({ state: 'scheduled', origin: 'enqueue', createdAt: START })
    expect(await store.hastenJobs(TOLERANCE_MS)).toBe(0)
  })

  test('hasten: a retry is counted from now on', async ({ clock, store }) => {
    await store.join(nodeRecord())
    await store.enqueue([newJob(), newJob({ id: jobId(2) })])
    const [early, late] = [await claimOne(store), await claimOne(store)]
    const failed = (key: { id: string; fence: number }, at: number) => ({
      ...key,
      outcome: { kind: 'failed', failure: { attempt: 1, at, message: 'no wind' }, retryAt: at + 30_000 } as const
    })
    await store.settle([failed(early, START)])
    clock.set(START + HOUR)
    await store.settle([failed(late, START + HOUR)])
    clock.jump(-HOUR)
    expect(await store.hastenJobs(TOLERANCE_MS)).toBe(1)
    expect([await runAtOf(store, early.id), await runAtOf(store, late.id)]).toEqual([30_000, 30_000])
    expect(await read(store, late.id)).toMatchObject({
      state: 'retryable',
      errors: [{ at: START, message: 'no wind' }]
    })
    expect(await store.hastenJobs(TOLERANCE_MS)).toBe(0)
  })

  test('hasten: what was due at once is due at once', async ({ clock, store }) => {
    await store.join(nodeRecord())
    clock.set(START + HOUR)
    await store.enqueue([newJob({ runAt: 0 })])
    clock.jump(-HOUR)
    await store.hastenJobs(TOLERANCE_MS)
    expect((await claimOne(store)).id).toBe(jobId(1))
    expect(await store.hastenJobs(TOLERANCE_MS)).toBe(0)
  })

  test('hasten: neither what runs, nor what is off by less than the tolerance', async ({ clock, store }) => {
    await store.join(nodeRecord())
    clock.set(START + HOUR)
    await store.enqueue([newJob({ runAt: 0 })])
    await claimOne(store)
    clock.jump(-HOUR)
    clock.jump(TOLERANCE_MS)
    await store.enqueue([newJob({ id: jobId(2), runAt: START + 60_000, isDelayed: true })])
    clock.jump(-TOLERANCE_MS)
    expect(await store.hastenJobs(TOLERANCE_MS)).toBe(0)
    expect(await read(store, jobId(1))).toMatchObject({ state: 'running' })
  })
}
