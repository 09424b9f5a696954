import { expect, test } from 'vitest'
import { storeClock } from '../../../src/runtime/time/store-clock.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('a process on a database uses its time, whatever the host’s clock says, and hears of it again', async () => {
  const host = new ManualClock()
  let aheadMs = 4_000
  let asked = 0
  const store = {
    nowAtLatest: async () => {
      asked++
      return host.now() + aheadMs
    }
  }
  const clock = await storeClock(store, host)
  await host.advance(9_999)
  expect({ isRight: clock.now() === host.now() + 4_000, asked }).toEqual({ isRight: true, asked: 1 })
  aheadMs = 5_000
  await host.advance(1)
  clock.now()
  clock.now()
  await settled()
  expect({ isRight: clock.now() === host.now() + 5_000, asked }).toEqual({ isRight: true, asked: 2 })
})

test('what is away when it is asked for the time is asked again', async () => {
  const host = new ManualClock()
  let isAway = false
  const store = {
    nowAtLatest: async () => {
      if (isAway) throw new Error('It is away.')
      return host.now()
    }
  }
  const clock = await storeClock(store, host)
  isAway = true
  await host.advance(10_000)
  expect(clock.now()).toBe(host.now())
  await settled()
  isAway = false
  expect(clock.now()).toBe(host.now())
})

test('where the store has no clock of its own the host’s is taken', async () => {
  const host = new ManualClock()
  expect(await storeClock({}, host)).toBe(host)
})
