import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Clock } from '../../../src/clock/clock.ts'
import { schedule } from '../../../src/core/schedule/declare.ts'
import { task } from '../../../src/core/job/task.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { Emitter } from '../../../src/runtime/events/emitter.ts'
import { EscapementNode } from '../../../src/runtime/node.ts'
import { compareWithOthers } from '../../../src/runtime/time/first-time.ts'
import { SteadyClock } from '../../../src/runtime/time/steady-clock.ts'
import { resolveSettings } from '../../../src/settings/resolve.ts'
import { createMemoryBooks } from '../../../src/stores/memory/books.ts'
import { openMemoryStore } from '../../../src/stores/memory/store.ts'
import { openSqliteStore } from '../../../src/stores/sqlite/store.ts'
import { idSequence } from '../../../src/testing/ids.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { nodeRecord } from '../../conformance/fixtures.ts'
import { freshFile } from '../../stores/sqlite/folder.ts'
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

/** A host that stops a process for a while before the readings of these numbers. */
function interrupting(host: ManualClock, before: readonly number[], byMs: number): Clock {
  let readings = 0
  const read = <T>(clock: () => T): T => {
    if (before.includes(++readings)) host.set(host.now() + byMs)
    return clock()
  }
  return {
    now: () => read(() => host.now()),
    monotonic: () => read(() => host.monotonic()),
    sleep: (ms, signal) => host.sleep(ms, signal),
    after: (ms, callback) => host.after(ms, callback)
  }
}

describe('a process that is interrupted between its readings of the clocks', () => {
  // The clock is opened by ten readings, and then read by two, or by five where these seem to say that it moved.
  const one = [11, 12, 13, 14, 15, 16].map(place => [place])
  const again = [13, 14, 15].map(place => [12, place])

  test.each([...one, ...again, [2], [4]])(
    'before the readings %j and %j keeps to the right time while the clock lies',
    (...places) => {
      const host = new ManualClock(START)
      const clock = new SteadyClock(interrupting(host, places, 40))
      clock.now()
      clock.now()
      host.jump(DAY)
      expect(clock.now()).toBe(host.now() - DAY)
    }
  )

  test.each([...one, ...again])('for long before the readings %j and %j takes that for no jump', async (...places) => {
    const host = new ManualClock(START)
    const clock = new SteadyClock(interrupting(host, places, 5_000))
    const jumps = vi.fn<() => void>()
    clock.belief.onFound(jumps)
    const read = Array.from({ length: 3 }, () => [clock.now() <= host.now(), clock.now() >= host.now() - 5_000])
    expect(read).toEqual(Array.from({ length: 3 }, () => [true, true]))
    await Promise.resolve()
    expect(jumps).not.toHaveBeenCalled()
  })
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
  const HERE = { host: 'harbour', bootId: 'boot-1' }

  /** On a file that others have open too. */
  async function opening(host: ManualClock, file: string) {
    const clock = new SteadyClock(host)
    const store = await openSqliteStore({ file, clock })
    onTestFinished(() => store.close())
    await compareWithOthers(store, clock, HERE)
    return { clock, store }
  }

  test('while its clock lies goes on by the clocks of the others, also if several do', async () => {
    const [host, file] = [new ManualClock(START), freshFile()]
    const { store } = await opening(host, file)
    await store.join(nodeRecord())
    await host.advance(7_000)
    host.jump(DAY)
    const first = await opening(host, file)
    await first.store.join(nodeRecord({ id: 'node-b' }))
    const second = await opening(host, file)
    const truth = START + 7_000
    expect([first.clock.now(), second.clock.now()]).toEqual([truth, truth])
    host.set(host.now() + 3_000)
    expect(second.clock.now()).toBe(truth + 3_000)
    host.jump(-DAY)
    expect([first.clock.now(), second.clock.now()]).toEqual([truth + 3_000, truth + 3_000])
  })

  test('where the clock was set since follows it once it has agreed for 15 s', async () => {
    const [host, file] = [new ManualClock(START), freshFile()]
    await (await opening(host, file)).store.join(nodeRecord())
    host.jump(3_600_000)
    const { clock } = await opening(host, file)
    const behind = seconds(host, clock, () => host.now(), 17)
    expect(behind[0]).toBe(-3_600_000)
    expect(behind.at(-1)).toBe(0)
  })

  test.each([
    ['an hour after all others have died', nodeRecord(), true],
    ['beside nodes of an earlier boot', nodeRecord({ bootId: 'boot-0' }), false],
    ['beside nodes of another host', nodeRecord({ host: 'lighthouse' }), false]
  ])('%s believes its clock', async (_, node, isCompared) => {
    const [host, file] = [new ManualClock(START), freshFile()]
    await (await opening(host, file)).store.join(node)
    await host.advance(3_600_000)
    if (!isCompared) host.jump(DAY)
    const { clock } = await opening(host, file)
    expect(clock.now()).toBe(host.now())
    expect(clock.isCompared).toBe(isCompared)
  })

  test('on a system without an id for its boot compares with nobody', async () => {
    const [host, file] = [new ManualClock(START), freshFile()]
    const { store } = await opening(host, file)
    await store.join(nodeRecord({ bootId: 'unknown' }))
    const clock = new SteadyClock(host)
    await compareWithOthers(store, clock, { ...HERE, bootId: 'unknown' })
    expect(clock.isCompared).toBe(false)
  })
})
