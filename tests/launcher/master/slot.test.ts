import { describe, expect, test } from 'vitest'
import { exitCodes } from '../../../src/launcher/exit-codes.ts'
import { Slot, type SlotOptions } from '../../../src/launcher/master/slot.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { HeldProcess, settled } from './held-process.ts'

interface Stage {
  readonly slot: Slot
  readonly clock: ManualClock
  readonly spawned: HeldProcess[]
  readonly notices: string[]
  readonly givenUp: number[]
  readonly latest: () => HeldProcess
}

function stage(options: Partial<SlotOptions> = {}): Stage {
  const clock = new ManualClock()
  const spawned: HeldProcess[] = []
  const notices: string[] = []
  const givenUp: number[] = []
  const slot = new Slot({
    plan: { name: 'web.1', kind: 'web', roles: ['web'] },
    spawn: () => {
      spawned.push(new HeldProcess())
      return spawned.at(-1) as HeldProcess
    },
    clock,
    random: () => 1,
    maxRestarts: 2,
    waitsForChange: false,
    notice: text => notices.push(text),
    onChange: () => undefined,
    onGiveUp: code => givenUp.push(code),
    ...options
  })
  slot.start()
  return { slot, clock, spawned, notices, givenUp, latest: () => spawned.at(-1) as HeldProcess }
}

describe('a process that ends by itself', () => {
  test('is started again after a delay that doubles, until it is given up', async () => {
    const { clock, spawned, notices, givenUp, latest } = stage()
    await latest().becomeReady()
    await latest().end({ code: null, signal: 'SIGKILL', lifeMs: 300 })
    expect(notices).toEqual([`web.1 (pid ${latest().pid}): ended with SIGKILL after 300 ms; again in 200 ms (1 of 2)`])
    await clock.advance(199)
    expect(spawned).toHaveLength(1)
    await clock.advance(1)
    expect(spawned).toHaveLength(2)
    await latest().end({ code: 7 })
    await clock.advance(400)
    expect(spawned).toHaveLength(3)
    await latest().end({ code: 7 })
    await clock.advance(60_000)
    expect(spawned).toHaveLength(3)
    expect(givenUp).toEqual([exitCodes.crashLoop])
    expect(notices.at(-1)).toContain('that was the last of 2 restarts in a row')
  })

  test('is not started again when it says that this cannot help, and none was ever ready', async () => {
    const { givenUp, notices, latest } = stage()
    await latest().fail({ status: 5, code: 'address-taken', message: 'It is taken.' })
    expect(givenUp).toEqual([exitCodes.addressTaken])
    expect(notices).toEqual([`web.1 (pid ${latest().pid}): It is taken.`])
  })

  test('is started again when one was ready before, or when the fault may pass', async () => {
    const once = stage()
    await once.latest().becomeReady()
    await once.latest().end()
    await once.clock.advance(200)
    await once.latest().fail({ status: 2, code: 'config-invalid', message: 'It is wrong by now.' })
    expect(once.givenUp).toEqual([])
    const never = stage()
    await never.latest().fail({ status: 1, code: 'store-unavailable', message: 'It is down.' })
    await never.clock.advance(200)
    expect(never.spawned).toHaveLength(2)
  })

  test('is left until the code changes, for whoever develops', async () => {
    const { clock, spawned, givenUp, notices, latest } = stage({ waitsForChange: true })
    await latest().end({ code: 1 })
    await clock.advance(60_000)
    expect({ spawned: spawned.length, givenUp }).toEqual({ spawned: 1, givenUp: [] })
    expect(notices[0]).toContain('waiting for a change')
  })
})

describe('a replacement', () => {
  test('lets the old one go only when the new one is ready', async () => {
    const { slot, spawned, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const replaced = slot.replace()
    await settled()
    expect({ told: old.told, current: slot.current }).toEqual({ told: [], current: old })
    await latest().becomeReady()
    await replaced
    expect(old.told).toEqual(['graceful, succeeded'])
    expect(slot.current).toBe(latest())
    let isLeft = false
    void slot.whenLeft().then(() => (isLeft = true))
    await settled()
    expect(isLeft).toBe(false)
    await old.end()
    expect({ isLeft, spawned: spawned.length }).toEqual({ isLeft: true, spawned: 2 })
  })

  test('that fails leaves the old one as it is', async () => {
    const { slot, spawned, clock, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const refused = expect(slot.replace()).rejects.toThrow('It does not load.')
    await latest().fail({ status: 1, code: 'failed', message: 'It does not load.' })
    await refused
    await clock.advance(60_000)
    expect({ told: old.told, current: slot.current, spawned: spawned.length }).toEqual({
      told: [],
      current: old,
      spawned: 2
    })
  })

  test('takes the place also when the old one has died meanwhile', async () => {
    const { slot, spawned, clock, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const replaced = slot.replace()
    await old.end({ code: 1 })
    await latest().becomeReady()
    await replaced
    await clock.advance(60_000)
    expect({ current: slot.current, spawned: spawned.length }).toEqual({ current: latest(), spawned: 2 })
    // What is gone is not asked to go: the kill that follows on a stop would count as one.
    expect(old.told).toEqual([])
  })

  test('that fails when the old one has died meanwhile is followed by a restart', async () => {
    const { slot, spawned, clock, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const refused = expect(slot.replace()).rejects.toThrow('ended before it was ready')
    await old.end({ code: 1 })
    await latest().end({ code: 1 })
    await refused
    await clock.advance(200)
    expect(spawned).toHaveLength(3)
  })
})

describe('a stop while a place is being filled', () => {
  test('a process that is lost in the middle is not started again', async () => {
    const { slot, spawned, clock, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const refused = expect(slot.replace()).rejects.toThrow('ended before it was ready')
    await old.end({ code: 1 })
    void slot.stop('graceful')
    await latest().end({ code: 1 })
    await refused
    await clock.advance(60_000)
    expect(spawned).toHaveLength(2)
  })

  test('a new process that becomes ready after it takes no place, and changes nothing of the stop', async () => {
    const { slot, spawned, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const refused = expect(slot.replace()).rejects.toThrow('told to stop')
    const stopped = slot.stop('now')
    await latest().becomeReady()
    await refused
    expect({ told: old.told, current: slot.current }).toEqual({ told: ['now'], current: old })
    // More haste reaches it all the same.
    void slot.stop('kill')
    expect(latest().told).toEqual(['now', 'kill'])
    await stopped
    expect(slot.hasKilled).toBe(true)
  })

  test('nothing more is replaced, which is said', async () => {
    const { slot, spawned } = stage()
    void slot.stop('graceful')
    await expect(slot.replace()).rejects.toThrow('web.1 was told to stop')
    expect(spawned).toHaveLength(1)
  })
})

test('a replacement takes the turn of a restart that is due, and is not followed by it', async () => {
  const { slot, spawned, clock, latest } = stage()
  await latest().end({ code: 1 })
  const replaced = slot.replace()
  await latest().becomeReady()
  await replaced
  await clock.advance(60_000)
  expect({ spawned: spawned.length, current: slot.current }).toEqual({ spawned: 2, current: latest() })
})

test('only a process whose place is held meanwhile is started as a successor', async () => {
  const started: boolean[] = []
  const spawned: HeldProcess[] = []
  const spawn: SlotOptions['spawn'] = ({ hasPredecessor }) => {
    started.push(hasPredecessor)
    spawned.push(new HeldProcess())
    return spawned.at(-1) as HeldProcess
  }
  const { slot, clock } = stage({ spawn })
  await spawned[0]?.becomeReady()
  const replaced = slot.replace()
  await spawned[1]?.becomeReady()
  await replaced
  await spawned[1]?.end({ code: 1 })
  await clock.advance(60_000)
  expect(started).toEqual([false, true, false])
})

test('how the former processes ended is told once', async () => {
  const { slot, spawned, latest } = stage()
  const [old] = spawned as [HeldProcess]
  await old.becomeReady()
  const replaced = slot.replace()
  await latest().becomeReady()
  await replaced
  old.stop('kill')
  await settled()
  expect(await slot.whenLeft()).toEqual([`the former web.1 (pid ${old.pid}) had to be killed after its grace`])
  expect(await slot.whenLeft()).toEqual([])
})

describe('a stop', () => {
  test('ends the present process, one that is to succeed it, and those that leave', async () => {
    const { slot, spawned, latest } = stage()
    await latest().becomeReady()
    const first = slot.replace()
    await latest().becomeReady()
    await first
    const refused = expect(slot.replace()).rejects.toThrow('ended before it was ready')
    const stopped = slot.stop('hasty')
    expect(spawned.map(({ told }) => told.at(-1))).toEqual(['hasty', 'hasty', 'hasty'])
    for (const each of spawned) await each.end()
    await stopped
    await refused
    expect(slot.hasKilled).toBe(false)
  })

  test('starts nothing again, also what was about to be', async () => {
    const { slot, spawned, clock, latest } = stage()
    await latest().end({ code: 1 })
    await slot.stop('graceful')
    await clock.advance(60_000)
    expect(spawned).toHaveLength(1)
  })

  test('knows when it had to kill', async () => {
    const { slot } = stage()
    await slot.stop('kill')
    expect(slot.hasKilled).toBe(true)
  })
})
