import { describe, expect, onTestFinished, test } from 'vitest'
import { schedule } from '../../../src/core/schedule/declare.ts'
import { task } from '../../../src/core/job/task.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { Emitter } from '../../../src/runtime/events/emitter.ts'
import { EscapementNode } from '../../../src/runtime/node.ts'
import { continueWhereOthersWere } from '../../../src/runtime/time/first-time.ts'
import { storeClock } from '../../../src/runtime/time/store-clock.ts'
import { SteadyClock } from '../../../src/runtime/time/steady-clock.ts'
import { resolveSettings } from '../../../src/settings/resolve.ts'
import { createMemoryBooks } from '../../../src/stores/memory/books.ts'
import { openMemoryStore } from '../../../src/stores/memory/store.ts'
import { idSequence } from '../../../src/testing/ids.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { nodeRecord } from '../../conformance/fixtures.ts'
import { heard, START } from '../lab.ts'

const DAY = 86_400_000
const load = task('load', { handler: () => undefined })

/** The clock at each of so many seconds, as its distance from the truth. */
function seconds(host: ManualClock, clock: SteadyClock, truth: () => number, count: number): number[] {
  return Array.from({ length: count }, () => {
    host.set(host.now() + 1_000)
    return clock.now() - truth()
  })
}

test.each([DAY, -DAY])('a clock that lies by %i ms for a few seconds is not heard', lie => {
  const host = new ManualClock()
  const clock = new SteadyClock(host)
  let off = 0
  const truth = (): number => host.now() - off
  expect(seconds(host, clock, truth, 3)).toEqual([0, 0, 0])
  host.jump((off = lie))
  expect(seconds(host, clock, truth, 5)).toEqual([0, 0, 0, 0, 0])
  host.jump(-lie)
  off = 0
  expect(seconds(host, clock, truth, 5)).toEqual([0, 0, 0, 0, 0])
})

test('one that jumps and stays is followed after 15 s, and small steps at once', () => {
  const host = new ManualClock()
  const clock = new SteadyClock(host)
  host.jump(DAY)
  const start = host.now()
  const behind = seconds(host, clock, () => host.now(), 17)
  expect(behind.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => -DAY))
  expect(behind.slice(16)).toEqual([0])
  host.jump(-1_500)
  expect(clock.now()).toBe(start + 17_000 - 1_500)
})

/** A node whose loops run, on books that go by the same steady clock. */
async function nodeOn(host: ManualClock) {
  const clock = new SteadyClock(host)
  const often = schedule('often', { task: load, trigger: every('5s') })
  const settings = resolveSettings({ database: 'memory:', tasks: [load], schedules: [often], logger: false }, {})
  const books = createMemoryBooks()
  const events = new Emitter()
  const node = new EscapementNode({
    store: openMemoryStore({ clock, books }),
    clock,
    events,
    settings,
    roles: ['scheduler', 'worker'],
    random: () => 0.5,
    newId: idSequence(),
    version: 'manual'
  })
  await node.start()
  onTestFinished(async () => void (await node.stop(0)))
  const firedAt = (): number[] =>
    (books.ledgers.get('often')?.items ?? []).filter(({ outcome }) => outcome === 'fired').map(({ fireAt }) => fireAt)
  return { node, events, books, firedAt }
}

test('a node whose clock lies for 3 s fires on time all the while', async () => {
  const host = new ManualClock(START)
  const { events, firedAt } = await nodeOn(host)
  const jumped = heard(events, 'clock.jumped')
  await host.advance(12_000)
  host.jump(DAY)
  await host.advance(3_000)
  host.jump(-DAY)
  await host.advance(20_000)
  expect(firedAt()).toEqual([1, 2, 3, 4, 5, 6, 7].map(fives => START + fives * 5_000))
  expect(jumped).toMatchObject([{ byMs: DAY }])
})

test('a node whose clock is set back for good goes on within seconds', async () => {
  const host = new ManualClock(START)
  const { events, firedAt } = await nodeOn(host)
  const undecided = heard(events, 'schedule.undecided')
  await host.advance(12_000)
  host.jump(-DAY)
  await host.advance(40_000)
  expect(undecided).toHaveLength(1)
  expect(firedAt().filter(at => at < START).length).toBeGreaterThanOrEqual(3)
})

describe('a process that starts', () => {
  const LEASE_MS = 15_000

  /** The books of a node that renewed last at START, and one process after the other that opens them. */
  function booksOf(host: ManualClock) {
    const books = createMemoryBooks()
    const open = async () => {
      const clock = new SteadyClock(host)
      const store = openMemoryStore({ clock, books })
      await continueWhereOthersWere(store, clock, LEASE_MS)
      return { clock, store }
    }
    return { books, open }
  }

  test('while its clock lies goes on where the others were, also if several do', async () => {
    const host = new ManualClock(START)
    const { open } = booksOf(host)
    const { store } = await open()
    await store.join(nodeRecord())
    host.jump(DAY)
    const first = await open()
    await first.store.join(nodeRecord({ id: 'node-b' }))
    const second = await open()
    expect([first.clock.now(), second.clock.now()]).toEqual([START, START])
    host.set(host.now() + 3_000)
    expect(second.clock.now()).toBe(START + 3_000)
    // Delays are computed from the latest that it may be: the others have renewed within their lease.
    expect((await storeClock(second.store, second.clock)).now()).toBe(START + 3_000 + LEASE_MS)
    host.jump(-DAY)
    expect([first.clock.now(), second.clock.now()]).toEqual([START + 3_000, START + 3_000])
    expect(second.clock.latest()).toBe(START + 3_000)
  })

  test('after all others have died follows its clock once that has agreed for 15 s', async () => {
    const host = new ManualClock(START)
    const { open } = booksOf(host)
    await (await open()).store.join(nodeRecord())
    host.jump(3_600_000)
    const { clock } = await open()
    const behind = seconds(host, clock, () => host.now(), 17)
    expect(behind[0]).toBe(-3_600_000)
    expect(behind.at(-1)).toBe(0)
  })

  test('while others live, or where they have left, believes its clock', async () => {
    const host = new ManualClock(START)
    const { open } = booksOf(host)
    const { store } = await open()
    await store.join(nodeRecord())
    host.jump(10_000)
    expect((await open()).clock.now()).toBe(START + 10_000)
    await store.leave('node-a')
    host.jump(DAY)
    expect((await open()).clock.now()).toBe(START + 10_000 + DAY)
  })
})
