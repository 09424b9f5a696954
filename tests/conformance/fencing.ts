import { expect } from 'vitest'

import type { AttemptKey, NewJob } from '../../src/core/job/job.ts'
import type { Store } from '../../src/store/store.ts'
import { claimOne, completed, failed, givenBack, jobId, read, runningJob } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testFencing(suite: Suite): void {
  testStaleWrites(suite)
  testRepeatedReports(suite)
  testSteps(suite)
  testStarts(suite)
}

interface Write {
  readonly what: string
  /** What the store answers to an attempt that is no longer the current one. */
  readonly refusal: unknown
  readonly write: (store: Store, attempt: AttemptKey) => Promise<unknown>
}

let bodiesRun = 0
const countingBody = (): string => {
  bodiesRun += 1
  return '"from the body"'
}

const fencedWrites: readonly Write[] = [
  { what: 'start', refusal: false, write: (store, attempt) => store.markStarted(attempt) },
  { what: 'step', refusal: false, write: (store, attempt) => store.saveStep(attempt, { name: 'late', result: '1' }) },
  { what: 'progress', refusal: false, write: (store, attempt) => store.saveProgress(attempt, '0.5') },
  { what: 'transaction', refusal: 'stale', write: (store, attempt) => store.transact(attempt, countingBody) }
]

const reports: readonly Write[] = [
  { what: 'success', refusal: ['stale'], write: (store, attempt) => store.settle([completed(attempt, '1')]) },
  { what: 'failure', refusal: ['stale'], write: (store, attempt) => store.settle([failed(attempt, START + 5)]) },
  { what: 'give-back', refusal: ['stale'], write: (store, attempt) => store.settle([givenBack(attempt)]) }
]

/** Brings a job to where the attempt that is answered may write no more. */
type Supersede = (store: Store) => Promise<AttemptKey>

const takenByAnother =
  (job: Partial<NewJob>): Supersede =>
  async store => {
    const zombie = await runningJob(store, job, 'node-that-died')
    await store.rescue(10)
    await claimOne(store, { node: 'node-b', mayTakeSolo: true })
    return zombie
  }

const rescued: Supersede = async store => {
  const zombie = await runningJob(store, {}, 'node-that-died')
  await store.rescue(10)
  return zombie
}

const situations: readonly (readonly [string, Supersede, readonly Write[]])[] = [
  // The row runs, under another fence: only the look at the fence keeps the writes out.
  ['taken by another', takenByAnother({ delivery: 'at-most-once' }), [...fencedWrites, ...reports]],
  // What is not kept is dropped as it completes, which may be a write of its own.
  ['taken by another, and is not to be kept', takenByAnother({ keepMs: 0 }), [fencedWrites[3]!, ...reports]],
  // The row has this fence, but does not run: only the look at the state keeps them out.
  ['rescued', rescued, [...fencedWrites, ...reports]],
  ['given back', async store => settledBy(store, givenBack), [...fencedWrites, reports[0]!, reports[1]!]],
  [
    'failed',
    async store => settledBy(store, attempt => failed(attempt, START)),
    [...fencedWrites, reports[0]!, reports[2]!]
  ],
  ['completed', async store => settledBy(store, completed), [...fencedWrites, reports[1]!, reports[2]!]]
]

async function settledBy(store: Store, report: typeof givenBack): Promise<AttemptKey> {
  const attempt = await runningJob(store)
  await store.settle([report(attempt)])
  return attempt
}

function testStaleWrites({ test }: Suite): void {
  for (const [situation, supersede, writes] of situations)
    for (const { what, refusal, write } of writes)
      test(`fencing: no ${what} of an attempt whose job was ${situation}`, async ({ clock, store }) => {
        const attempt = await supersede(store)
        const before = await read(store, jobId(1))
        const stepsBefore = await store.readSteps(jobId(1))
        const bodiesBefore = bodiesRun
        clock.set(START + 7)
        expect(await write(store, attempt)).toEqual(refusal)
        expect(await read(store, jobId(1))).toEqual(before)
        expect(await store.readSteps(jobId(1))).toEqual(stepsBefore)
        expect(bodiesRun).toBe(bodiesBefore)
      })

  for (const { what, refusal, write } of fencedWrites)
    test(`fencing: no ${what} for a job that is gone`, async ({ store }) => {
      expect(await write(store, { id: jobId(404), fence: 1 })).toEqual(refusal)
      expect(await store.readSteps(jobId(404))).toEqual([])
    })
}

function testRepeatedReports({ test }: Suite): void {
  test('fencing: a success told again does not run a transaction', async ({ store }) => {
    const attempt = await settledBy(store, completed)
    let runs = 0
    expect(await store.transact(attempt, () => String(++runs))).toBe('stale')
    expect(runs).toBe(0)
    expect((await read(store, attempt.id)).result).toBeUndefined()
  })

  test('fencing: the attempt that took over is not hindered by the one before', async ({ store }) => {
    const zombie = await runningJob(store, {}, 'node-that-died')
    await store.rescue(10)
    const current = await claimOne(store, { mayTakeSolo: true })
    const batch = [completed(zombie, '"old"'), completed(current, '"new"'), completed(zombie, '"old"')]
    expect(await store.settle(batch)).toEqual(['stale', 'accepted', 'stale'])
    expect((await read(store, jobId(1))).result).toBe('"new"')
  })
}

function testSteps({ test }: Suite): void {
  test('steps: remembered in their order, over attempts', async ({ store }) => {
    const first = await runningJob(store)
    expect(await store.saveStep(first, { name: 'scrape', result: '[1,2]' })).toBe(true)
    expect(await store.saveStep(first, { name: 'a picture', result: 'null' })).toBe(true)
    const steps = [
      { name: 'scrape', result: '[1,2]' },
      { name: 'a picture', result: 'null' }
    ]
    expect(await store.readSteps(first.id)).toEqual(steps)
    await store.settle([failed(first, START)])
    const second = await claimOne(store)
    expect(await store.readSteps(first.id)).toEqual(steps)
    await store.saveStep(second, { name: 'mail', result: 'true' })
    expect(await store.readSteps(first.id)).toEqual([...steps, { name: 'mail', result: 'true' }])
  })

  test('steps: each job has its own', async ({ store }) => {
    const one = await runningJob(store)
    const other = await runningJob(store, { id: jobId(2) })
    await store.saveStep(one, { name: 'scrape', result: '1' })
    await store.saveStep(other, { name: 'scrape', result: '2' })
    expect(await store.readSteps(one.id)).toEqual([{ name: 'scrape', result: '1' }])
    expect(await store.readSteps(other.id)).toEqual([{ name: 'scrape', result: '2' }])
  })

  test('progress: the last one is kept', async ({ store }) => {
    const attempt = await runningJob(store)
    expect(await store.saveProgress(attempt, '0.1')).toBe(true)
    expect(await store.saveProgress(attempt, '{"done":2}')).toBe(true)
    expect(await read(store, attempt.id)).toMatchObject({ state: 'running', progress: '{"done":2}' })
  })
}

function testStarts({ test }: Suite): void {
  test('start: committed once, though it be sent twice', async ({ clock, store }) => {
    const attempt = await runningJob(store, { delivery: 'at-most-once' })
    clock.set(START + 3)
    expect(await store.markStarted(attempt)).toBe(true)
    clock.set(START + 9)
    expect(await store.markStarted(attempt)).toBe(true)
    expect((await read(store, attempt.id)).startedAt).toBe(START + 3)
  })
}
