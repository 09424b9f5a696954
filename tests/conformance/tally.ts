import { expect } from 'vitest'
import { addRun, emptyTally, type TaskTally } from '../../src/core/counts/tally.ts'
import type { Store } from '../../src/store/store.ts'
import { nothingToPrune } from './counts.ts'
import { nodeRecord } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testTally(suite: Suite): void {
  testReading(suite)
  testRollUps(suite)
  testBatches(suite)
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const at = (minute: number): number => START + minute * MINUTE

/** So many completed in a minute, each after 20 ms, in 2 s. */
function tally(begin: number, completed: number, task = 'mail'): TaskTally {
  const counts = { ...emptyTally(begin, task), completed, failed: 1 }
  for (let run = 0; run < completed; run++) addRun(counts, 20, 2_000)
  return counts
}

const keep = (store: Store, node: string, ...tallies: readonly TaskTally[]): Promise<unknown> =>
  store.renew(node, { totals: [], tallies })

const spans = async (store: Store, from: number, until: number, task?: string): Promise<number[][]> =>
  (await store.readTally({ from, until, task })).map(span => [
    (span.at - START) / MINUTE,
    span.spanMs / MINUTE,
    span.completed
  ])

function testReading({ test }: Suite): void {
  test('tally: each count and each bucket comes back as it was written', async ({ store }) => {
    await store.join(nodeRecord())
    const counts = { completed: 1, failed: 2, discarded: 3, cancelled: 4, lost: 5, stale: 6, waitMs: 7, runMs: 8 }
    const buckets = (first: number): number[] => Array.from({ length: 12 }, (_, bucket) => first + bucket)
    const whole = { ...counts, waits: buckets(100), runs: buckets(200) }
    await keep(store, 'node-a', { ...whole, at: at(0), task: 'mail' })
    expect(await store.readTally({ from: at(0), until: at(1) })).toEqual([{ ...whole, at: at(0), spanMs: MINUTE }])
  })

  test('tally: per minute, over nodes and tasks, or of one task, within the bounds', async ({ store }) => {
    for (const id of ['node-a', 'node-b']) await store.join(nodeRecord({ id }))
    await keep(store, 'node-a', tally(at(0), 1), tally(at(1), 2), tally(at(1), 4, 'scan'))
    await keep(store, 'node-b', tally(at(1), 8), tally(at(3), 16))
    expect(await spans(store, at(0), at(9))).toEqual([
      [0, 1, 1],
      [1, 1, 14],
      [3, 1, 16]
    ])
    expect(await spans(store, at(1), at(3))).toEqual([[1, 1, 14]])
    expect(await spans(store, at(0), at(9), 'scan')).toEqual([[1, 1, 4]])
    expect(await spans(store, at(0), at(9), 'unknown')).toEqual([])
  })

  test('tally: a report that is repeated, or comes late, counts once', async ({ store }) => {
    await store.join(nodeRecord())
    for (const n of [2, 2, 5, 2]) await keep(store, 'node-a', tally(at(0), n))
    const [span] = await store.readTally({ from: at(0), until: at(1) })
    expect(span).toMatchObject({ completed: 5, waitMs: 100, runMs: 10_000 })
    expect(span!.waits).toEqual([0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  test('tally: of a node that is lost nothing is written', async ({ store }) => {
    await keep(store, 'node-a', tally(at(0), 1))
    expect(await store.readTally({ from: 0, until: at(9) })).toEqual([])
  })
}

/** Two nodes, 25 minutes, 3 completed in each. */
async function fill(store: Store): Promise<void> {
  for (const id of ['node-a', 'node-b']) await store.join(nodeRecord({ id }))
  for (let minute = 0; minute < 25; minute++) {
    await keep(store, 'node-a', tally(at(minute), 1))
    await keep(store, 'node-b', tally(at(minute), 2))
  }
}
const prune = async (store: Store, tallyAt: number, limit = 100): Promise<number> =>
  (await store.prune({ ...nothingToPrune, tallyAt, limit })).tally
const sum = async (store: Store): Promise<number> =>
  (await spans(store, 0, at(9_999))).reduce((total, [, , completed]) => total + completed!, 0)

function testRollUps({ test }: Suite): void {
  test('tally: nothing is rolled up before its time, nor unasked', async ({ store }) => {
    await fill(store)
    const before = await spans(store, 0, at(99))
    expect(before).toHaveLength(25)
    expect(await prune(store, START + 2 * HOUR)).toBe(0)
    expect((await store.prune(nothingToPrune)).tally).toBe(0)
    expect(await spans(store, 0, at(99))).toEqual(before)
  })

  test('tally: without nodes after 2 hours, as it was to read', async ({ store }) => {
    await fill(store)
    const before = await store.readTally({ from: 0, until: at(99) })
    expect(await prune(store, START + 2 * HOUR + 10 * MINUTE)).toBe(20)
    expect(await store.readTally({ from: 0, until: at(99) })).toEqual(before)
    expect(await prune(store, START + 3 * HOUR)).toBe(30)
    expect(await store.readTally({ from: 0, until: at(99) })).toEqual(before)
  })

  test('tally: by 10 minutes after a day, by the hour after 30, and only whole ones', async ({ store }) => {
    await fill(store)
    await prune(store, START + DAY + 19 * MINUTE)
    expect((await spans(store, 0, at(99))).slice(0, 3)).toEqual([
      [0, 10, 30],
      [10, 1, 3],
      [11, 1, 3]
    ])
    await prune(store, START + DAY + 30 * MINUTE)
    expect(await spans(store, 0, at(99))).toEqual([
      [0, 10, 30],
      [10, 10, 30],
      [20, 10, 15]
    ])
    await prune(store, START + 30 * DAY + 59 * MINUTE)
    expect(await spans(store, 0, at(99))).toHaveLength(3)
    await prune(store, START + 30 * DAY + 60 * MINUTE)
    const [hour, ...others] = await store.readTally({ from: 0, until: at(99) })
    expect(others).toEqual([])
    expect(hour).toMatchObject({ at: START, spanMs: HOUR, completed: 75, failed: 50, waitMs: 1_500, runMs: 150_000 })
    expect([hour!.waits[1], hour!.runs[5]]).toEqual([75, 75])
  })
}

function testBatches({ test }: Suite): void {
  test('tally: in batches, in which nothing is lost and nothing doubled', async ({ store }) => {
    await fill(store)
    const now = START + 31 * DAY
    let batches = 0
    while ((await prune(store, now, 7)) > 0) {
      batches += 1
      expect(await sum(store)).toBe(75)
    }
    expect(batches).toBeGreaterThan(7)
    expect(await spans(store, 0, at(99))).toEqual([[0, 60, 75]])
  })

  test('tally: dropped after 400 days', async ({ store }) => {
    await fill(store)
    await prune(store, START + 31 * DAY)
    await prune(store, START + 400 * DAY)
    expect(await sum(store)).toBe(75)
    expect(await prune(store, START + 400 * DAY + 1)).toBe(1)
    expect(await sum(store)).toBe(0)
  })
}
