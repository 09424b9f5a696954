import { expect } from 'vitest'

import { callsOf } from '../../src/core/schedule/owners.ts'
import type { ScheduleState } from '../../src/core/schedule/schedule.ts'
import type { FoundSchedule, ScheduleFilter, ScheduleOrder } from '../../src/store/finding.ts'
import type { SearchedPage } from '../../src/store/pages/search.ts'
import type { Store } from '../../src/store/store.ts'
import {
  claimOne,
  completed,
  creation,
  definition,
  failed,
  jobId,
  ledgerRow,
  newJob,
  readPages,
  scheduleState
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testFinding(suite: Suite): void {
  testFilters(suite)
  testOrders(suite)
  testLongSearch(suite)
  testStrips(suite)
  testWaiting(suite)
  testUnfired(suite)
  testForeignTexts(suite)
}

const resting = (over: Partial<ScheduleState>): ScheduleState => scheduleState({ nextFireAt: undefined, ...over })

/** One of each kind, by an id that says which. */
const kinds: readonly ScheduleState[] = [
  scheduleState({ id: 'Active-1', nextFireAt: START + 3_000 }),
  scheduleState({
    id: 'active-2',
    nextFireAt: START + 1_000,
    definition: definition({ task: 'invoice', queue: 'slow' })
  }),
  resting({ id: 'done', phase: 'ended' }),
  resting({ id: 'endless' }),
  scheduleState({
    id: 'lookalike',
    nextFireAt: START + 2_000,
    definition: definition({ payload: { task: 'invoice', queue: 'slow' } })
  }),
  scheduleState({ id: 'orphan', nextFireAt: START + 9_000, orphanedAt: START, app: 'other' }),
  resting({ id: 'paused', phase: 'paused', app: callsOf('tracker') }),
  resting({ id: 'removed', phase: 'removed', orphanedAt: START }),
  resting({ id: 'void', phase: 'paused', phaseBy: 'orphans', app: 'other' })
]
const fill = (store: Store): Promise<unknown> => store.writeSchedules(kinds.map(state => creation(state)))

async function found(store: Store, filter: ScheduleFilter, order?: ScheduleOrder, limit = 2): Promise<string[]> {
  const pages = await readPages(cursor => store.findSchedules(filter, { limit, cursor, order }))
  for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit)
  return pages.flat().map(({ state }) => state.id)
}

const filters: readonly (readonly [what: string, filter: ScheduleFilter, ids: readonly string[]])[] = [
  ['nothing', {}, ['Active-1', 'active-2', 'done', 'endless', 'lookalike', 'orphan', 'paused', 'void']],
  ['active', { phase: 'active' }, ['Active-1', 'active-2', 'lookalike', 'orphan']],
  ['paused', { phase: 'paused' }, ['paused', 'void']],
  ['ended', { phase: 'ended' }, ['done', 'endless']],
  ['removed', { phase: 'removed' }, ['removed']],
  ['a task', { task: 'invoice' }, ['active-2']],
  ['a queue', { queue: 'slow' }, ['active-2']],
  ['a task and a queue', { task: 'report', queue: 'slow' }, []],
  ['an app, by its code or its calls', { app: 'tracker', phase: 'paused' }, ['paused']],
  ['orphans', { isOrphaned: true }, ['orphan', 'void']],
  ['due', { dueBefore: START + 3_000 }, ['active-2', 'lookalike']],
  ['a part of the id, whatever its case', { idPart: 'ACT' }, ['Active-1', 'active-2']],
  ['a part of the id, and a phase', { idPart: 'e', phase: 'ended' }, ['done', 'endless']],
  ['a part that stands for nothing else', { idPart: '%' }, []]
]

function testFilters({ test }: Suite): void {
  for (const [what, filter, ids] of filters)
    test(`find schedules: ${what}`, async ({ store }) => {
      await fill(store)
      expect(await found(store, filter)).toEqual(ids)
    })

  test('find schedules: those that fail, with their health', async ({ store }) => {
    await fill(store)
    for (const [number, scheduleId] of ['active-2', 'lookalike'].entries()) {
      await store.enqueue([newJob({ id: jobId(number + 1), scheduleId })])
      const attempt = await claimOne(store)
      await store.settle([number === 0 ? failed(attempt, undefined) : completed(attempt)])
    }
    expect(await found(store, { isFailing: true })).toEqual(['active-2'])
    expect(await found(store, { isFailing: true, task: 'report' })).toEqual([])
    const { items } = await store.findSchedules({ idPart: 'l' }, { limit: 9 })
    const healthOf = ({ state, health }: FoundSchedule) => [state.id, health?.failuresInRow, health?.lastSuccessAt]
    expect(items.map(healthOf)).toEqual([
      ['endless', undefined, undefined],
      ['lookalike', 0, START]
    ])
  })
}

function testOrders({ test }: Suite): void {
  for (const limit of [1, 2, 9])
    test(`find schedules: by next fire time, in pages of ${limit}`, async ({ store }) => {
      await fill(store)
      await store.writeSchedules([creation(scheduleState({ id: 'b', nextFireAt: START + 1_000 }))])
      const ids = ['active-2', 'b', 'lookalike', 'Active-1', 'orphan']
      expect(await found(store, {}, 'nextFireAt', limit)).toEqual(ids)
      expect(await found(store, { dueBefore: START + 2_001 }, 'nextFireAt', limit)).toEqual(ids.slice(0, 3))
    })

  test('find schedules: by last success, the longest ago first', async ({ store, clock }) => {
    await fill(store)
    for (const [number, scheduleId] of ['orphan', 'paused', 'active-2'].entries()) {
      await store.enqueue([newJob({ id: jobId(number + 1), scheduleId })])
      await store.settle([completed(await claimOne(store))])
      clock.set(START + Math.min(number + 1, 1) * 1_000)
    }
    expect(await found(store, {}, 'lastSuccessAt', 1)).toEqual(['orphan', 'active-2', 'paused'])
    expect(await found(store, { phase: 'active' }, 'lastSuccessAt', 1)).toEqual(['orphan', 'active-2'])
  })
}

/** More than any store looks at in one slice. */
const MANY = 21_000

function testLongSearch({ test }: Suite): void {
  test('find schedules: a search that may not continue says so, and finds the rest from its cursor', async ({
    store
  }) => {
    const idOf = (number: number): string => `s-${String(number).padStart(6, '0')}`
    const state = (_: unknown, number: number): ScheduleState =>
      scheduleState({ id: idOf(number), definition: definition({ task: number === MANY - 2 ? 'rare' : 'report' }) })
    await store.writeSchedules(Array.from({ length: MANY }, state).map(each => creation(each)))
    for (const filter of [{ task: 'rare' }, { idPart: '020998' }]) {
      const pages: SearchedPage<FoundSchedule>[] = []
      const list = async (cursor?: string): Promise<string | undefined> => {
        pages.push(await store.findSchedules(filter, { limit: 5, cursor, mayContinue: () => false }))
        return pages.at(-1)!.cursor
      }
      for (let cursor = await list(); cursor !== undefined;) cursor = await list(cursor)
      expect(pages.flatMap(({ items }) => items.map(({ state: { id } }) => id))).toEqual([idOf(MANY - 2)])
      expect(pages.map(({ isCut }) => isCut)).toEqual([...pages.slice(1).map(() => true), undefined])
      expect(pages.length).toBeGreaterThan(1)
    }
  })
}

function testStrips({ test }: Suite): void {
  test('strips: the newest rows of each schedule, newest first', async ({ store }) => {
    const rows = [1, 2, 3, 4].map(minute => ledgerRow({ fireAt: START + minute * 60_000 }))
    const other = ledgerRow({ scheduleId: 'other', fireAt: START })
    await store.writeSchedules([
      { ...creation(scheduleState()), ledger: rows },
      { ...creation(scheduleState({ id: 'other' })), ledger: [other] },
      creation(scheduleState({ id: 'new' }))
    ])
    const ids = ['other', 'new', 'minute-report', 'unknown', 'other', '\u0000', '\ud800']
    expect(await store.readStrips(ids, 3)).toEqual(
      new Map([
        ['other', [other]],
        ['minute-report', [rows[3], rows[2], rows[1]]]
      ])
    )
    expect(await store.readStrips([], 3)).toEqual(new Map())
  })
}

function testWaiting({ test }: Suite): void {
  test('waiting jobs of schedules: since when the first is due that nobody has claimed', async ({ store, clock }) => {
    await store.enqueue([
      newJob({ id: jobId(1), scheduleId: 'claimed', queue: 'first' }),
      newJob({ id: jobId(2), scheduleId: 'waits', runAt: START + 200 }),
      newJob({ id: jobId(3), scheduleId: 'waits', runAt: START + 100 }),
      newJob({ id: jobId(4), scheduleId: 'later', runAt: START + 60_000 })
    ])
    await claimOne(store, { queues: ['first'] })
    clock.set(START + 1_000)
    const since = await store.waitingSince(['claimed', 'waits', 'later', 'unknown', 'waits', '\u0000'])
    expect(since).toEqual(new Map([['waits', START + 100]]))
  })
}

function testUnfired({ test }: Suite): void {
  const rows = [
    ledgerRow({ fireAt: START + 1, outcome: 'misfired', decidedAt: START + 10 }),
    ledgerRow({ fireAt: START + 2, outcome: 'paused', decidedAt: START + 10 }),
    ledgerRow({ scheduleId: 'other', fireAt: START + 1, outcome: 'paused', decidedAt: START + 10 }),
    ledgerRow({ fireAt: START + 3, outcome: 'overlapped', decidedAt: START + 20 })
  ]
  const list = async (store: Store, over: object, limit = 1) => {
    const filter = { from: START, until: START + 99, ...over }
    return (await readPages(cursor => store.listUnfired(filter, { limit, cursor }))).flat()
  }

  for (const limit of [1, 2, 9])
    test(`what did not fire: of all schedules, the last decision first, in pages of ${limit}`, async ({ store }) => {
      const fired = ledgerRow({ fireAt: START + 4, decidedAt: START + 15 })
      await store.writeSchedules([
        { ...creation(scheduleState()), ledger: [rows[0]!, rows[1]!, rows[3]!, fired] },
        { ...creation(scheduleState({ id: 'other' })), ledger: [rows[2]!] }
      ])
      expect(await list(store, {}, limit)).toEqual([rows[3], rows[2], rows[1], rows[0]])
      expect(await list(store, { outcome: 'paused' }, limit)).toEqual([rows[2], rows[1]])
      expect(await list(store, { from: START + 11 }, limit)).toEqual([rows[3]])
      expect(await list(store, { until: START + 10 }, limit)).toEqual([rows[2], rows[1], rows[0]])
      expect(await list(store, { from: START + 21 }, limit)).toEqual([])
    })
}

function testForeignTexts({ test }: Suite): void {
  test('find schedules: what cannot be a cursor is refused', async ({ store }) => {
    for (const cursor of ['', '\u0000', '\ud800', '5:\u0000', `5:${'a'.repeat(201)}`, 'x:y', '5:5:\u0000']) {
      const asks: readonly (() => Promise<unknown>)[] = [
        async () => store.findSchedules({}, { limit: 1, cursor, order: 'nextFireAt' }),
        async () => store.findSchedules({}, { limit: 1, cursor, order: 'lastSuccessAt' }),
        async () => store.listUnfired({ from: 0, until: START }, { limit: 1, cursor })
      ]
      for (const ask of asks.slice(cursor === '5:5:\u0000' ? 2 : 0))
        await expect(ask(), JSON.stringify(cursor)).rejects.toMatchObject({ code: 'id-invalid' })
    }
    await expect((async () => store.findSchedules({}, { limit: 1, cursor: '\u0000' }))()).rejects.toMatchObject({
      code: 'id-invalid'
    })
  })

  test('find schedules: a text that no database takes finds nothing', async ({ store }) => {
    await fill(store)
    for (const text of ['\u0000', 'a\u0000', '\ud800'])
      for (const filter of [{ task: text }, { queue: text }, { app: text }, { idPart: text }])
        expect(await found(store, filter)).toEqual([])
  })
}
