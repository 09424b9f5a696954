import { expect } from 'vitest'

import type { Job } from '../../src/core/job/job.ts'
import type { SearchedPage } from '../../src/store/pages/search.ts'
import type { Store } from '../../src/store/store.ts'
import {
  creation,
  claimOne,
  completed,
  jobId,
  ledgerRow,
  newJob,
  newJobs,
  readPages,
  scheduleState
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testReading(suite: Suite): void {
  testJobLists(suite)
  testBoundedSearch(suite)
  testJobListEdges(suite)
  testScheduleLists(suite)
  testLedgerLists(suite)
  testLatestLedger(suite)
  testForeignCursors(suite)
  testForeignTexts(suite)
  testBacklogs(suite)
}

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

/** No gap, no repeat, no page above the limit, and no page after the last row. */
function expectPages<T>(pages: readonly (readonly T[])[], limit: number, all: readonly T[]): void {
  expect(pages.flat()).toEqual(all)
  expect(pages).toHaveLength(Math.max(1, Math.ceil(all.length / limit)))
  for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit)
}

function testJobLists({ test }: Suite): void {
  for (const limit of [1, 2, 3, 6, 7])
    test(`job list: newest first, in pages of ${limit}`, async ({ store }) => {
      await store.enqueue([3, 1, 6, 2, 5, 4].map(number => newJob({ id: jobId(number) })))
      const pages = await readPages(cursor => store.listJobs({}, { limit, cursor }))
      const ids = pages.map(page => page.map(job => job.id))
      expectPages(ids, limit, [6, 5, 4, 3, 2, 1].map(jobId))
    })

  test('job list: a filter that is not known answers nothing, least of all every job', async ({ store }) => {
    await store.enqueue([newJob({ id: jobId(1) })])
    for (const filter of [{ state: 'failed' }, { status: 'running' }, { task: 5 }, null])
      await expect((async () => store.listJobs(filter as never, { limit: 1 }))()).rejects.toMatchObject({
        code: 'options-invalid'
      })
  })

  test('job list: by state, task, queue and schedule, also together', async ({ store }) => {
    await store.enqueue([
      newJob({ id: jobId(1) }),
      newJob({ id: jobId(2), task: 'invoice', scheduleId: 'minute-report' }),
      newJob({ id: jobId(3), task: 'invoice', queue: 'pictures' }),
      newJob({ id: jobId(4), runAt: START + 9, scheduleId: 'minute-report' })
    ])
    const idsOf = async (filter: Parameters<Store['listJobs']>[0]): Promise<string[]> =>
      (await store.listJobs(filter, { limit: 10 })).items.map(job => job.id)
    expect(await idsOf({ state: 'scheduled' })).toEqual([jobId(4)])
    expect(await idsOf({ task: 'invoice' })).toEqual([jobId(3), jobId(2)])
    expect(await idsOf({ queue: 'default' })).toEqual([jobId(4), jobId(2), jobId(1)])
    expect(await idsOf({ scheduleId: 'minute-report' })).toEqual([jobId(4), jobId(2)])
    expect(await idsOf({ task: 'invoice', queue: 'default', state: 'available' })).toEqual([jobId(2)])
    expect(await idsOf({ state: 'discarded' })).toEqual([])
  })

  test('job list: filtered pages have no gaps', async ({ store }) => {
    await store.enqueue(
      numbered(9).map(number => newJob({ id: jobId(number), task: number % 2 ? 'report' : 'invoice' }))
    )
    const pages = await readPages(cursor => store.listJobs({ task: 'report' }, { limit: 2, cursor }))
    expectPages(
      pages.map(page => page.map(job => job.id)),
      2,
      [9, 7, 5, 3, 1].map(jobId)
    )
  })
}

/** More than any store looks at in one slice. */
const MANY = 11_000

function testBoundedSearch({ test }: Suite): void {
  test('job list: a search that may not go on says so, and finds the rest from its cursor', async ({ store }) => {
    const jobs = numbered(MANY).map(number => newJob({ id: jobId(number), task: number === 2 ? 'rare' : 'report' }))
    for (let start = 0; start < MANY; start += 1_000) await store.enqueue(jobs.slice(start, start + 1_000))
    const pages: SearchedPage<Job>[] = []
    const list = async (cursor?: string): Promise<string | undefined> => {
      pages.push(await store.listJobs({ task: 'rare' }, { limit: 5, cursor, mayContinue: () => false }))
      return pages.at(-1)!.cursor
    }
    for (let cursor = await list(); cursor !== undefined;) cursor = await list(cursor)
    expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual([jobId(2)])
    expect(pages.length).toBeGreaterThan(2)
    expect(pages.map(({ isCut }) => isCut)).toEqual([...pages.slice(1).map(() => true), undefined])
    const whole = await store.listJobs({ task: 'rare' }, { limit: 5, mayContinue: () => true })
    expect(whole.items.map(({ id }) => id)).toEqual([jobId(2)])
    expect(whole).toMatchObject({ cursor: undefined })
    const full = await store.listJobs({ task: 'report' }, { limit: 5, mayContinue: () => false })
    expect(full.items).toHaveLength(5)
    expect(full.isCut).toBeUndefined()
  })
}

function testJobListEdges({ test }: Suite): void {
  test('job list: what comes and goes between two pages disturbs neither', async ({ store }) => {
    await store.enqueue(newJobs(6, { keepMs: 0 }))
    const first = await store.listJobs({}, { limit: 3 })
    expect(first.items.map(job => job.id)).toEqual([6, 5, 4].map(jobId))
    await store.enqueue([newJob({ id: jobId(7) })])
    await store.settle([completed(await claimOne(store))])
    const second = await store.listJobs({}, { limit: 3, cursor: first.cursor })
    expect(second.items.map(job => job.id)).toEqual([3, 2].map(jobId))
    expect(second.cursor).toBeUndefined()
  })

  test('job list: nothing is one empty page', async ({ store }) => {
    expect(await store.listJobs({}, { limit: 5 })).toEqual({ items: [], cursor: undefined })
    expect(await store.readJob(jobId(1))).toBeUndefined()
  })
}

function testScheduleLists({ test }: Suite): void {
  const ids = ['Zoll', 'a b', 'anchor', 'berth', 'über']

  for (const limit of [1, 2, 5, 9])
    test(`schedule list: in the order of ids, in pages of ${limit}`, async ({ store }) => {
      await store.writeSchedules([3, 0, 4, 1, 2].map(index => creation(scheduleState({ id: ids[index]! }))))
      const pages = await readPages(cursor => store.listSchedules({ limit, cursor }))
      expectPages(
        pages.map(page => page.map(schedule => schedule.state.id)),
        limit,
        ids
      )
    })

  test('schedule list: tombstones only when asked for', async ({ store }) => {
    const removed = scheduleState({ id: 'b', phase: 'removed', nextFireAt: undefined })
    await store.writeSchedules([
      creation(scheduleState({ id: 'a' })),
      creation(removed),
      creation(scheduleState({ id: 'c' }))
    ])
    const idsOf = async (includeRemoved?: boolean): Promise<string[]> => {
      const page = await store.listSchedules(includeRemoved === undefined ? { limit: 9 } : { limit: 9, includeRemoved })
      return page.items.map(schedule => schedule.state.id)
    }
    expect(await idsOf()).toEqual(['a', 'c'])
    expect(await idsOf(false)).toEqual(['a', 'c'])
    expect(await idsOf(true)).toEqual(['a', 'b', 'c'])
    expect((await store.readSchedules(['b'])).schedules).toHaveLength(1)
  })
}

function testLedgerLists({ test }: Suite): void {
  const at = (minute: number): number => START + minute * 60_000
  const scheduleId = 'minute-report'
  const rows = [
    ledgerRow({ fireAt: at(1) }),
    ledgerRow({ fireAt: at(2), lastFireAt: at(5), count: 4, outcome: 'paused' }),
    ledgerRow({ fireAt: at(6) }),
    ledgerRow({ fireAt: at(7), lastFireAt: at(9), count: 3, outcome: 'misfired' }),
    ledgerRow({ fireAt: at(10) })
  ]
  const fill = async (store: Store): Promise<void> => {
    const other = ledgerRow({ scheduleId: 'other', fireAt: at(3) })
    await store.writeSchedules([
      { ...creation(scheduleState()), ledger: [3, 0, 4, 2, 1].map(index => rows[index]!) },
      { ...creation(scheduleState({ id: 'other' })), ledger: [other] }
    ])
  }

  for (const limit of [1, 2, 5])
    test(`ledger list: in the order of fire times, in pages of ${limit}`, async ({ store }) => {
      await fill(store)
      const filter = { scheduleId, from: at(0), until: at(99) }
      expectPages(await readPages(cursor => store.listLedger(filter, { limit, cursor })), limit, rows)
    })

  const ranges: readonly (readonly [string, number, number, readonly number[]])[] = [
    ['both ends belong to it', at(1), at(6), [0, 1, 2]],
    ['a run that reaches into it from before', at(5), at(5), [1]],
    ['a run that reaches out of it', at(6), at(7), [2, 3]],
    ['a range within one run', at(8), at(8) + 1, [3]],
    ['a range between two rows', at(9) + 1, at(10) - 1, []]
  ]
  for (const [what, from, until, expected] of ranges)
    test(`ledger list: ${what}`, async ({ store }) => {
      await fill(store)
      const pages = await readPages(cursor => store.listLedger({ scheduleId, from, until }, { limit: 1, cursor }))
      expect(pages.flat()).toEqual(expected.map(index => rows[index]))
    })

  test('ledger list: a schedule without rows has none', async ({ store }) => {
    const filter = { scheduleId: 'unknown', from: 0, until: at(99) }
    expect(await store.listLedger(filter, { limit: 5 })).toEqual({ items: [], cursor: undefined })
  })
}

function testLatestLedger({ test }: Suite): void {
  const at = (minute: number): number => START + minute * 60_000
  const rows = [1, 2, 3, 4, 5].map(minute => ledgerRow({ fireAt: at(minute) }))
  const fill = async (store: Store): Promise<void> => {
    const other = ledgerRow({ scheduleId: 'other', fireAt: at(9) })
    await store.writeSchedules([
      { ...creation(scheduleState()), ledger: [3, 0, 4, 2, 1].map(index => rows[index]!) },
      { ...creation(scheduleState({ id: 'other' })), ledger: [other] }
    ])
  }

  for (const limit of [1, 3, 5, 1_000])
    test(`latest ledger rows: newest first, ${limit} at the most`, async ({ store }) => {
      await fill(store)
      expect(await store.latestLedger('minute-report', limit)).toEqual(rows.toReversed().slice(0, limit))
    })

  test('latest ledger rows: a schedule without rows has none', async ({ store }) => {
    await fill(store)
    expect(await store.latestLedger('unknown', 5)).toEqual([])
  })
}

function testBacklogs({ test }: Suite): void {
  test('backlogs: every task with unfinished jobs, and how many of them wait', async ({ store }) => {
    await store.enqueue([
      ...newJobs(2),
      newJob({ id: jobId(3), runAt: START + 9 }),
      newJob({ id: jobId(4), task: 'invoice' }),
      newJob({ id: jobId(5), task: 'done' })
    ])
    await store.settle([completed(await claimOne(store, { tasks: ['done'] }))])
    await claimOne(store)
    await claimOne(store, { tasks: ['invoice'] })
    const backlogs = await store.taskBacklogs()
    expect(backlogs.toSorted((a, b) => a.task.localeCompare(b.task))).toEqual([
      { task: 'invoice', waiting: 0 },
      { task: 'report', waiting: 2 }
    ])
  })
}

/** Callers of the API can send any text. A database must not get to see what it cannot take. */
function testForeignCursors({ test }: Suite): void {
  const foreign = ['', ' ', '\u0000', '5:\u0000', '\ud800', 'a'.repeat(201)]
  const from = { scheduleId: 'minute-report', from: 0, until: START }

  test('lists: what cannot be a cursor is refused, and the text of the refusal names it', async ({ store }) => {
    const lists: Readonly<Record<string, (cursor: string) => Promise<unknown>>> = {
      jobs: cursor => store.listJobs({}, { limit: 1, cursor }),
      schedules: cursor => store.listSchedules({ limit: 1, cursor }),
      aside: cursor => store.listAside('app', { limit: 1, cursor }),
      failing: cursor => store.listFailing({ limit: 1, cursor }),
      tokens: cursor => store.listTokens({ limit: 1, cursor }),
      audit: cursor => store.listAudit({}, { limit: 1, cursor })
    }
    for (const [list, read] of Object.entries(lists))
      for (const cursor of foreign)
        await expect((async () => read(cursor))(), `${list}: ${JSON.stringify(cursor)}`).rejects.toMatchObject({
          code: 'id-invalid'
        })
    for (const cursor of [...foreign, "' OR 1=1 --", '1.5', '1e3', '9'.repeat(20)])
      await expect((async () => store.listLedger(from, { limit: 1, cursor }))()).rejects.toMatchObject({
        code: 'id-invalid'
      })
  })
}

function testForeignTexts({ test }: Suite): void {
  test('job list: a filter with a text that no database takes is refused', async ({ store }) => {
    for (const text of ['\u0000', 'a\u0000', '\ud800'])
      for (const filter of [{ task: text }, { queue: text }, { scheduleId: text }])
        await expect((async () => store.listJobs(filter, { limit: 1 }))()).rejects.toMatchObject({
          code: 'options-invalid'
        })
  })

  test('schedules: an id that no database takes is unknown', async ({ store }) => {
    const ids = ['\u0000', 'a\u0000', '\ud800']
    expect((await store.readSchedules(ids)).schedules).toEqual([])
    expect(await store.readHealth(ids)).toEqual([])
  })
}
