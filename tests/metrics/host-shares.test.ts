import { expect, test } from 'vitest'
import { hostShares, percent, processorTime } from '../../src/metrics/host-shares.ts'

test.each([
  [1, 4, 25],
  [1, 3, 33.3],
  [5, 4, 100],
  [-1, 4, 0],
  [0, 0, 0]
])('%d of %d are %d percent', (part, whole, share) => {
  expect(percent(part, whole)).toBe(share)
})

test('a host uses its processors from one look to the next, some memory, and some of its disk', async () => {
  const before = { busyMs: 1_000, allMs: 8_000 }
  const shares = await hostShares(before, { busyMs: 2_000, allMs: 10_000 })
  expect(shares).toEqual({
    cpuPercent: 50,
    memoryPercent: expect.toSatisfy((share: number) => share > 0 && share < 100),
    diskPercent: expect.toSatisfy((share: number) => share > 0 && share <= 100)
  })
  const { busyMs, allMs } = processorTime()
  expect(allMs).toBeGreaterThan(busyMs)
  expect(busyMs).toBeGreaterThan(0)
})
