import { expect } from 'vitest'

import type { ScheduleWrite } from '../../src/store/schedules.ts'
import type { Store } from '../../src/store/store.ts'
import {
  creation,
  claimOne,
  completed,
  definition,
  fireWrite,
  guardOf,
  jobId,
  ledgerRow,
  newJob,
  read,
  readState,
  scheduleState
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testSchedules(suite: Suite): void {
  testRows(suite)
  testCreatedRows(suite)
  testGuards(suite)
  testKeys(suite)
  testBatches(suite)
  testLiveJobs(suite)
}

const anyTime = { from: 0, until: START * 2 }

/** Everything that a decision could have written, to be compared before and after. */
async function booksOf(store: Store): Promise<unknown> {
  return {
    schedules: (await store.listSchedules({ limit: 100, includeRemoved: true })).items,
    ledger: (await store.listLedger({ scheduleId: 'minute-report', ...anyTime }, { limit: 100 })).items,
    jobs: (await store.listJobs({}, { limit: 100 })).items,
    timeline: await store.readTimeline('minute-report')
  }
}

const writeOne = async (store: Store, write: ScheduleWrite): Promise<string | undefined> =>
  (await store.writeSchedules([write]))[0]

/** Refused, and not a trace of it in the books. */
async function expectConflict(store: Store, write: ScheduleWrite): Promise<void> {
  const before = await booksOf(store)
  expect(await writeOne(store, write)).toBe('conflict')
  expect(await booksOf(store)).toEqual(before)
}

function testRows({ test }: Suite): void {
  test('schedules: a schedule is read back as it was written', async ({ store }) => {
    const full = scheduleState({
      definition: definition({
        payload: { list: [1, null, { deep: 'ü ☃' }], ratio: 0.1 },
        misfireGraceMs: 5_000,
        maxFires: 7,
        runAtStart: true,
        overlap: 'allow',
        coalesce: 'all'
      }),
      jobsCreated: 3,
      fires: 2,
      lastJobCreatedAt: START - 5
    })
    const bare = scheduleState({ id: 'bare', phase: 'paused', nextFireAt: undefined })
    expect(await store.writeSchedules([creation(full), creation(bare)])).toEqual(['written', 'written'])
    const answer = await store.readSchedules(['bare', 'unknown', 'minute-report'])
    expect(answer.now).toBe(START)
    expect(answer.schedules).toHaveLength(2)
    expect(answer.schedules).toContainEqual({ state: full, liveJobs: 0 })
    expect(answer.schedules).toContainEqual({ state: bare, liveJobs: 0 })
  })

  test('schedules: a decision writes state, ledger and job together', async ({ clock, store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    clock.set(START + 61_000)
    const write = fireWrite(state)
    expect(await writeOne(store, write)).toBe('written')
    expect(await readState(store)).toEqual(write.state)
    const { items } = await store.listLedger({ scheduleId: state.id, ...anyTime }, { limit: 10 })
    expect(items).toEqual(write.ledger)
    expect(await read(store, jobId(1))).toMatchObject({
      origin: 'fire',
      scheduleId: state.id,
      fireAt: START + 60_000,
      state: 'available'
    })
  })
}

function testCreatedRows({ test }: Suite): void {
  test('schedules: a job created late is due now, not in the past', async ({ clock, store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    clock.set(START + 61_000)
    await store.writeSchedules([fireWrite(state)])
    expect(await read(store, jobId(1))).toMatchObject({ runAt: START + 61_000, fireAt: START + 60_000 })
  })

  test('schedules: runs of several fire times are kept as they are', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    const ledger = [
      ledgerRow({ lastFireAt: START + 540_000, count: 9, outcome: 'coalesced', nextFireAt: START + 600_000 }),
      ledgerRow({ fireAt: START + 600_000, outcome: 'overlapped', nextFireAt: undefined })
    ]
    await store.writeSchedules([
      { ...fireWrite(state), state: { ...state, decidedUntil: START + 600_000 }, ledger, jobs: [] }
    ])
    expect((await store.listLedger({ scheduleId: state.id, ...anyTime }, { limit: 10 })).items).toEqual(ledger)
  })
}

function testGuards({ test }: Suite): void {
  test('compare-and-set: the second of two equal decisions is a conflict', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    const write = fireWrite(state)
    expect(await writeOne(store, write)).toBe('written')
    await expectConflict(store, write)
  })

  test('compare-and-set: the second of two equal creations is a conflict', async ({ store }) => {
    await store.writeSchedules([creation(scheduleState())])
    await expectConflict(store, creation(scheduleState()))
  })

  const moved = { decidedUntil: START - 1, revision: 2, jobsCreated: 1 }
  for (const field of ['decidedUntil', 'revision', 'jobsCreated'] as const)
    test(`compare-and-set: refused when ${field} alone is another`, async ({ store }) => {
      const state = scheduleState()
      await store.writeSchedules([creation(state)])
      const write = fireWrite(state)
      await expectConflict(store, { ...write, guard: { ...guardOf(state), [field]: moved[field] } })
      expect(await writeOne(store, write)).toBe('written')
    })

  test('compare-and-set: a guard finds no schedule where there is none', async ({ store }) => {
    await expectConflict(store, fireWrite(scheduleState()))
  })

  test('compare-and-set: a tombstone keeps its id, and is revived under its guard', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    const tombstone = scheduleState({ phase: 'removed', revision: 2, nextFireAt: undefined, decidedUntil: START + 5 })
    expect(await writeOne(store, { ...creation(tombstone), guard: guardOf(state) })).toBe('written')
    await expectConflict(store, creation(scheduleState({ decidedUntil: START + 9 })))
    const revived = scheduleState({ revision: 3, decidedUntil: START + 9, validFrom: START + 9 })
    expect(await writeOne(store, { ...creation(revived), guard: guardOf(tombstone) })).toBe('written')
    expect(await readState(store)).toEqual(revived)
  })

  test('compare-and-set: of decisions by many connections one goes through', async ({ store, beside }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    const stores = [store, await beside(), await beside(), await beside()]
    const writes = stores.map((_, index) => fireWrite(state, { id: jobId(index + 1) }))
    const answers = await Promise.all(stores.map((each, index) => writeOne(each, writes[index]!)))
    expect(answers.filter(answer => answer === 'written')).toHaveLength(1)
    expect(answers.filter(answer => answer === 'conflict')).toHaveLength(3)
    const jobs = (await store.listJobs({}, { limit: 10 })).items
    expect(jobs.map(job => job.id)).toEqual([jobId(answers.indexOf('written') + 1)])
  })
}

function testKeys({ test }: Suite): void {
  test('ledger: a fire time that is decided already is a conflict, whatever the guard', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    const first = fireWrite(state)
    await store.writeSchedules([first])
    const again = fireWrite(first.state, { id: jobId(2) })
    await expectConflict(store, { ...again, ledger: [ledgerRow({ fireAt: START + 60_000 })] })
    expect(await writeOne(store, again)).toBe('written')
  })

  test('ledger: one conflicting row keeps out the others of its write', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    const first = fireWrite(state)
    await store.writeSchedules([first])
    const ledger = [ledgerRow({ fireAt: START + 120_000 }), ledgerRow({ fireAt: START + 60_000 })]
    await expectConflict(store, { ...fireWrite(first.state, { id: jobId(2) }), ledger })
  })

  test('ledger: two schedules may fire at one instant', async ({ store }) => {
    const other = scheduleState({ id: 'other' })
    await store.writeSchedules([creation(scheduleState()), creation(other)])
    const writes = [fireWrite(scheduleState()), fireWrite(other, { id: jobId(2) })]
    expect(await store.writeSchedules(writes)).toEqual(['written', 'written'])
  })

  test('compare-and-set: a job that is there already is a conflict', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    await store.enqueue([newJob({ id: jobId(5) })])
    await expectConflict(store, fireWrite(state, { id: jobId(5) }))
  })

  test('compare-and-set: a job whose unique key is held is a conflict', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    await store.enqueue([newJob({ id: jobId(5), uniqueKey: 'berth 4' })])
    await expectConflict(store, fireWrite(state, { uniqueKey: 'berth 4' }))
    const twins = [newJob({ uniqueKey: 'berth 5' }), newJob({ id: jobId(2), uniqueKey: 'berth 5' })]
    await expectConflict(store, { ...fireWrite(state), jobs: twins })
  })
}

function testBatches({ test }: Suite): void {
  test('compare-and-set: each write of a batch stands or falls for itself', async ({ store }) => {
    const states = ['a', 'b', 'c'].map(id => scheduleState({ id }))
    await store.writeSchedules(states.map(creation))
    const [a, b, c] = states.map((state, index) => fireWrite(state, { id: jobId(index + 1) }))
    const stale = { ...b!, guard: { ...b!.guard!, revision: 9 } }
    expect(await store.writeSchedules([a!, stale, c!])).toEqual(['written', 'conflict', 'written'])
    const created = (await store.listJobs({}, { limit: 10 })).items
    expect(created.map(job => job.scheduleId)).toEqual(['c', 'a'])
    expect((await readState(store, 'b')).decidedUntil).toBe(START)
  })

  test('compare-and-set: the ledger alone can make one write of a batch fall', async ({ store }) => {
    const states = ['a', 'b', 'c'].map(id => scheduleState({ id }))
    await store.writeSchedules(states.map(creation))
    const [a, b, c] = states.map((state, index) => fireWrite(state, { id: jobId(index + 1) }))
    const twice = { ...b!, ledger: [...b!.ledger, ...b!.ledger] }
    expect(await store.writeSchedules([a!, twice, c!])).toEqual(['written', 'conflict', 'written'])
    expect(await store.readJob(jobId(2))).toBeUndefined()
    expect((await readState(store, 'b')).decidedUntil).toBe(START)
  })

  test('compare-and-set: two writes of one schedule in a batch see each other', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    const first = fireWrite(state)
    const following = fireWrite(first.state, { id: jobId(3) })
    const answers = await store.writeSchedules([first, fireWrite(state, { id: jobId(2) }), following])
    expect(answers).toEqual(['written', 'conflict', 'written'])
    expect(await readState(store)).toEqual(following.state)
  })

  test('compare-and-set: an empty batch is none', async ({ store }) => {
    expect(await store.writeSchedules([])).toEqual([])
  })
}

function testLiveJobs({ test }: Suite): void {
  test('live jobs: counted from creation to end, retries included', async ({ clock, store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    const liveJobs = async (): Promise<number | undefined> =>
      (await store.readSchedules([state.id])).schedules[0]?.liveJobs
    const first = fireWrite(state)
    await store.writeSchedules([first])
    const second = fireWrite(first.state, { id: jobId(2) })
    await store.writeSchedules([second])
    expect(await liveJobs()).toBe(2)
    clock.set(START + 60_000)
    const attempt = await claimOne(store)
    expect(await liveJobs()).toBe(2)
    await store.settle([completed(attempt)])
    expect(await liveJobs()).toBe(1)
    await store.cancel([jobId(2)])
    expect(await liveJobs()).toBe(0)
    await store.retry(jobId(2), guardOf(second.state))
    expect(await liveJobs()).toBe(1)
  })

  test('live jobs: the due scan, the lists and the reads agree', async ({ clock, store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state), creation(scheduleState({ id: 'other' }))])
    await store.writeSchedules([fireWrite(state)])
    clock.set(START + 120_000)
    const live = (rows: readonly { state: { id: string }; liveJobs: number }[]): unknown =>
      Object.fromEntries(rows.map(row => [row.state.id, row.liveJobs]))
    const expected = { 'minute-report': 1, other: 0 }
    expect(live((await store.dueSchedules(10)).schedules)).toEqual(expected)
    expect(live((await store.listSchedules({ limit: 10 })).items)).toEqual(expected)
    expect(live((await store.readSchedules(['other', 'minute-report'])).schedules)).toEqual(expected)
  })
}
