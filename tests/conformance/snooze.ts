import { expect } from 'vitest'
import type { AttemptKey } from '../../src/core/job/job.ts'
import type { Report } from '../../src/core/job/settle.ts'
import {
  claim,
  claimOne,
  completed,
  failed,
  jobId,
  newJobs,
  nodeRecord,
  read,
  runningJob,
  snoozed,
  soloJob
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

const HOUR = 3_600_000

/** An attempt that puts its job off. */
export function testSnooze(suite: Suite): void {
  testPutOff(suite)
  testAfterwards(suite)
}

function testPutOff({ test }: Suite): void {
  test('snooze: the job waits until its instant, uncharged, and is counted', async ({ clock, store }) => {
    const attempt = await runningJob(store, { keepMs: 0 })
    await store.saveStep(attempt, { name: 'scrape', result: '1' })
    clock.set(START + 5)
    expect(await store.settle([snoozed(attempt, START + HOUR)])).toEqual(['accepted'])
    const waiting = { state: 'scheduled', failures: 0, rescues: 0, snoozes: 1, snoozedAt: START + 5, node: undefined }
    expect(await read(store, attempt.id)).toMatchObject({ ...waiting, runAt: START + HOUR, errors: [] })
    expect(await claim(store)).toMatchObject({ jobs: [], nextRunAt: START + HOUR })
    clock.set(START + HOUR)
    const again = await claimOne(store)
    expect(again).toMatchObject({ id: attempt.id, attempt: 1, runAt: START + HOUR })
    expect(await store.readSteps(attempt.id)).toHaveLength(1)
    expect((await read(store, attempt.id)).snoozedAt).toBeUndefined()
    await store.settle([snoozed(again, START + 2 * HOUR)])
    expect((await read(store, attempt.id)).snoozes).toBe(2)
  })

  test('snooze: an instant in the past is now', async ({ clock, store }) => {
    const attempt = await runningJob(store)
    clock.set(START + 5)
    await store.settle([snoozed(attempt, START)])
    expect(await claimOne(store)).toMatchObject({ id: attempt.id, runAt: START + 5 })
  })

  test('snooze: sent again it is accepted, and stale after the next claim', async ({ store }) => {
    const attempt = await runningJob(store)
    const report = snoozed(attempt, START)
    expect(await store.settle([report])).toEqual(['accepted'])
    expect(await store.settle([report])).toEqual(['accepted'])
    expect(await store.settle([failed(attempt)])).toEqual(['stale'])
    await claimOne(store)
    expect(await store.settle([report])).toEqual(['stale'])
    expect((await read(store, attempt.id)).snoozes).toBe(1)
  })

  test('snooze: many jobs of one claim', async ({ store }) => {
    await store.enqueue(newJobs(20))
    const { jobs } = await claim(store, { limit: 20 })
    const reports = jobs.map((job, index) => (index % 2 === 0 ? snoozed(job, START + HOUR) : completed(job)))
    expect(new Set(await store.settle(reports))).toEqual(new Set(['accepted']))
    const states = (await store.listJobs({}, { limit: 20 })).items.map(job => [job.state, job.snoozes])
    expect(states.filter(([state]) => state === 'scheduled')).toEqual(
      Array.from({ length: 10 }, () => ['scheduled', 1])
    )
  })

  test('snooze: a job that was asked to end is cancelled, one that begins at most once is lost', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.cancel([attempt.id])
    expect(await store.settle([snoozed(attempt, START + HOUR)])).toEqual(['accepted'])
    expect(await read(store, attempt.id)).toMatchObject({ state: 'cancelled', snoozes: 0 })
    const once = await runningJob(store, { id: jobId(2), delivery: 'at-most-once' })
    await store.markStarted(once)
    await store.settle([snoozed(once, START + HOUR)])
    expect(await read(store, once.id)).toMatchObject({ state: 'discarded', errors: [{ code: 'lost' }] })
  })
}

function testAfterwards({ test }: Suite): void {
  const ends: Readonly<Record<string, (attempt: AttemptKey) => Report>> = {
    completed: attempt => completed(attempt, '1'),
    discarded: attempt => failed(attempt)
  }
  for (const [state, end] of Object.entries(ends))
    test(`snooze: what was ${state} says how often, until an operator retries it`, async ({ store }) => {
      const attempt = await runningJob(store)
      await store.settle([snoozed(attempt, START)])
      const again = await claimOne(store)
      await store.saveStep(again, { name: 'scrape', result: '1' })
      await store.settle([end(again)])
      expect(await read(store, attempt.id)).toMatchObject({ state, snoozes: 1, snoozedAt: undefined })
      expect(await store.retry(attempt.id, undefined)).toBe('retried')
      expect(await read(store, attempt.id)).toMatchObject({ state: 'available', snoozes: 0 })
    })

  test('snooze: cancelled while it waits', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.settle([snoozed(attempt, START + HOUR)])
    expect(await store.cancel([attempt.id])).toEqual(['cancelled'])
    expect(await read(store, attempt.id)).toMatchObject({ state: 'cancelled', snoozes: 1, snoozedAt: undefined })
  })

  test('snooze: a job that runs alone goes on to do so', async ({ clock, store }) => {
    await soloJob(store)
    const attempt = await claimOne(store, { mayTakeSolo: true })
    await store.settle([snoozed(attempt, START + HOUR)])
    clock.set(START + HOUR)
    expect((await claim(store)).jobs).toEqual([])
    expect(await claimOne(store, { mayTakeSolo: true })).toMatchObject({ id: attempt.id, rescues: 1 })
  })

  test('snooze: what a clock that ran ahead put off is counted from now on', async ({ clock, store }) => {
    await store.join(nodeRecord())
    const attempt = await runningJob(store, { isDelayed: true })
    clock.set(START + HOUR)
    await store.settle([snoozed(attempt, START + HOUR + 30_000)])
    clock.jump(-HOUR)
    expect(await store.hastenJobs(2_000)).toBe(1)
    expect(await read(store, attempt.id)).toMatchObject({ runAt: START + 30_000, snoozedAt: START })
    expect(await store.hastenJobs(2_000)).toBe(0)
  })
}
