import { describe, expect, test } from 'vitest'
import { exitCodes } from '../../../src/launcher/exit-codes.ts'
import { Position, type PositionOptions } from '../../../src/launcher/master/position.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { HeldProcess, settled } from './held-process.ts'

interface Stage {
  readonly position: Position
  readonly clock: ManualClock
  readonly spawned: HeldProcess[]
  readonly notices: string[]
  readonly givenUp: number[]
  readonly latest: () => HeldProcess
}

function stage(options: Partial<PositionOptions> = {}): Stage {
  const clock = new ManualClock()
  const spawned: HeldProcess[] = []
  const notices: string[] = []
  const givenUp: number[] = []
  const position = new Position({
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
  position.start()
  return { position, clock, spawned, notices, givenUp, latest: () => spawned.at(-1) as HeldProcess }
}

describe('a process that ends by itself', () => {
  test('is started again after a delay that doubles, until it is given up', async () => {
    const { clock, spawned, notices, givenUp, latest } = stage()
    await latest().becomeReady()
    await latest().end({ code: null, signal: 'SIGKILL', lifeMs: 300 })
    expect(notices).toEqual([
      `web.1 (pid ${latest().pid}): ended with SIGKILL after 300 ms; restarting in 200 ms (1 of 2)`
    ])
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
    const { position, spawned, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const replaced = position.replace()
    await settled()
    expect({ orders: old.orders, current: position.current }).toEqual({ orders: [], current: old })
    await latest().becomeReady()
    await replaced
    expect(old.orders).toEqual(['graceful, succeeded'])
    expect(position.current).toBe(latest())
    let isLeft = false
    void position.whenLeft().then(() => (isLeft = true))
    await settled()
    expect(isLeft).toBe(false)
    await old.end()
    expect({ isLeft, spawned: spawned.length }).toEqual({ isLeft: true, spawned: 2 })
  })

  test('that fails leaves the old one as it is', async () => {
    const { position, spawned, clock, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const refused = expect(position.replace()).rejects.toThrow('It does not load.')
    await latest().fail({ status: 1, code: 'failed', message: 'It does not load.' })
    await refused
    await clock.advance(60_000)
    expect({ orders: old.orders, current: position.current, spawned: spawned.length }).toEqual({
      orders: [],
      current: old,
      spawned: 2
    })
  })

  test('takes the position also when the old one has died meanwhile', async () => {
    const { position, spawned, clock, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const replaced = position.replace()
    await old.end({ code: 1 })
    await latest().becomeReady()
    await replaced
    await clock.advance(60_000)
    expect({ current: position.current, spawned: spawned.length }).toEqual({ current: latest(), spawned: 2 })
    // What is gone is not asked to go: the kill that follows on a stop would count as one.
    expect(old.orders).toEqual([])
  })

  test('that fails when the old one has died meanwhile is followed by a restart', async () => {
    const { position, spawned, clock, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const refused = expect(position.replace()).rejects.toThrow('ended before it was ready')
    await old.end({ code: 1 })
    await latest().end({ code: 1 })
    await refused
    await clock.advance(200)
    expect(spawned).toHaveLength(3)
  })
})

describe('a stop while a position is being filled', () => {
  test('a process that is lost in the middle is not started again', async () => {
    const { position, spawned, clock, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const refused = expect(position.replace()).rejects.toThrow('ended before it was ready')
    await old.end({ code: 1 })
    void position.stop('graceful')
    await latest().end({ code: 1 })
    await refused
    await clock.advance(60_000)
    expect(spawned).toHaveLength(2)
  })

  test('a new process that becomes ready after it takes no position, and changes nothing of the stop', async () => {
    const { position, spawned, latest } = stage()
    const [old] = spawned as [HeldProcess]
    await old.becomeReady()
    const refused = expect(position.replace()).rejects.toThrow('told to stop')
    const stopped = position.stop('now')
    await latest().becomeReady()
    await refused
    expect({ orders: old.orders, current: position.current }).toEqual({ orders: ['now'], current: old })
    // More haste reaches it all the same.
    void position.stop('kill')
    expect(latest().orders).toEqual(['now', 'kill'])
    await stopped
    expect(position.hasKilled).toBe(true)
  })

  test('nothing more is replaced, which is said', async () => {
    const { position, spawned } = stage()
    void position.stop('graceful')
    await expect(position.replace()).rejects.toThrow('web.1 was told to stop')
    expect(spawned).toHaveLength(1)
  })
})

test('a replacement takes the turn of a restart that is due, and is not followed by it', async () => {
  const { position, spawned, clock, latest } = stage()
  await latest().end({ code: 1 })
  const replaced = position.replace()
  await latest().becomeReady()
  await replaced
  await clock.advance(60_000)
  expect({ spawned: spawned.length, current: position.current }).toEqual({ spawned: 2, current: latest() })
})

test('only a process whose position is held meanwhile is started as a successor', async () => {
  const started: boolean[] = []
  const spawned: HeldProcess[] = []
  const spawn: PositionOptions['spawn'] = ({ hasPredecessor }) => {
    started.push(hasPredecessor)
    spawned.push(new HeldProcess())
    return spawned.at(-1) as HeldProcess
  }
  const { position, clock } = stage({ spawn })
  await spawned[0]?.becomeReady()
  const replaced = position.replace()
  await spawned[1]?.becomeReady()
  await replaced
  await spawned[1]?.end({ code: 1 })
  await clock.advance(60_000)
  expect(started).toEqual([false, true, false])
})

test('how the former processes ended is told once', async () => {
  const { position, spawned, latest } = stage()
  const [old] = spawned as [HeldProcess]
  await old.becomeReady()
  const replaced = position.replace()
  await latest().becomeReady()
  await replaced
  old.stop('kill')
  await settled()
  expect(await position.whenLeft()).toEqual([`the old web.1 (pid ${old.pid}) had to be killed after its grace`])
  expect(await position.whenLeft()).toEqual([])
})

describe('a stop', () => {
  test('ends the present process, one that is to succeed it, and those that leave', async () => {
    const { position, spawned, latest } = stage()
    await latest().becomeReady()
    const first = position.replace()
    await latest().becomeReady()
    await first
    const refused = expect(position.replace()).rejects.toThrow('ended before it was ready')
    const stopped = position.stop('hasty')
    expect(spawned.map(({ orders }) => orders.at(-1))).toEqual(['hasty', 'hasty', 'hasty'])
    for (const each of spawned) await each.end()
    await stopped
    await refused
    expect(position.hasKilled).toBe(false)
  })

  test('starts nothing again, also what was about to be', async () => {
    const { position, spawned, clock, latest } = stage()
    await latest().end({ code: 1 })
    await position.stop('graceful')
    await clock.advance(60_000)
    expect(spawned).toHaveLength(1)
  })

  test('knows when it had to kill', async () => {
    const { position } = stage()
    await position.stop('kill')
    expect(position.hasKilled).toBe(true)
  })
})
