import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { afterLong, systemClock } from '../../src/clock/system.ts'

const DAY_MS = 86_400_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a callback comes after sixty days, and not at the end of what one timer of Node takes', async () => {
  const rung = vi.fn<() => void>()
  systemClock.after(60 * DAY_MS, rung)
  await vi.advanceTimersByTimeAsync(60 * DAY_MS - 1)
  expect(rung).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(rung).toHaveBeenCalledOnce()
})

test('one that was taken back does not come, however often its timer was set anew', async () => {
  const rung = vi.fn<() => void>()
  const cancel = systemClock.after(100 * DAY_MS, rung)
  await vi.advanceTimersByTimeAsync(60 * DAY_MS)
  cancel()
  await vi.advanceTimersByTimeAsync(60 * DAY_MS)
  expect(rung).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})

test('a sleep of sixty days lasts as long, and ends early with its signal', async () => {
  const woken = vi.fn<() => void>()
  const signal = new AbortController()
  void systemClock.sleep(60 * DAY_MS).then(woken)
  const cut = systemClock.sleep(60 * DAY_MS, signal.signal)
  await vi.advanceTimersByTimeAsync(59 * DAY_MS)
  expect(woken).not.toHaveBeenCalled()
  signal.abort()
  await cut
  await vi.advanceTimersByTimeAsync(DAY_MS)
  expect(woken).toHaveBeenCalledOnce()
  expect(vi.getTimerCount()).toBe(0)
})

test('a timer without end never rings', async () => {
  const rung = vi.fn<() => void>()
  const cancel = afterLong(Infinity, rung)
  await vi.advanceTimersByTimeAsync(365 * DAY_MS)
  expect(rung).not.toHaveBeenCalled()
  cancel()
})
