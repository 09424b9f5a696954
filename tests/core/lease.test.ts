import { expect, test } from 'vitest'
import { hasExpired, observe, type Observation } from '../../src/core/lease.ts'

const RENEW_EVERY_MS = 5_000
const TTL_MS = 15_000

const seen = (reads: readonly (readonly [counter: number, readAt: number])[]): Observation =>
  reads.reduce<Observation | undefined>(
    (before, [counter, readAt]) => observe(before, { counter, askedAt: readAt, answeredAt: readAt }, RENEW_EVERY_MS),
    undefined
  )!

test('a counter that stands still for the TTL has expired, and not a millisecond earlier', () => {
  const reads = [0, 5_000, 10_000].map(readAt => [7, readAt] as const)
  expect(hasExpired(seen([...reads, [7, 14_999]]), TTL_MS)).toBe(false)
  expect(hasExpired(seen([...reads, [7, 15_000]]), TTL_MS)).toBe(true)
})

test('a counter that moved begins anew', () => {
  const observation = seen([
    [7, 0],
    [7, 10_000],
    [8, 14_000]
  ])
  expect(observation).toEqual({ counter: 8, lastReadAt: 14_000, stillMs: 0 })
})

test('a counter that went back is another one, too', () => {
  expect(
    seen([
      [7, 0],
      [7, 9_000],
      [6, 9_500]
    ]).stillMs
  ).toBe(0)
})

test('the first sight says nothing of the time before', () => {
  expect(seen([[7, 1_000_000]]).stillMs).toBe(0)
})

test('a gap longer than two renewals was not watched, and does not count', () => {
  expect(
    seen([
      [7, 0],
      [7, 10_000]
    ]).stillMs
  ).toBe(10_000)
  expect(
    seen([
      [7, 0],
      [7, 10_001]
    ]).stillMs
  ).toBe(0)
  expect(
    seen([
      [7, 0],
      [7, 9_000],
      [7, 900_000],
      [7, 905_000]
    ]).stillMs
  ).toBe(14_000)
})

test('the time that the first read of a counter took does not count: it may have seen a renewal at its end', () => {
  const slow = observe(undefined, { counter: 7, askedAt: 0, answeredAt: 9_000 }, RENEW_EVERY_MS)
  expect(observe(slow, { counter: 7, askedAt: 9_500, answeredAt: 9_600 }, RENEW_EVERY_MS).stillMs).toBe(500)
})

test('that of later ones does: the counter was the same before', () => {
  const first = observe(undefined, { counter: 7, askedAt: 0, answeredAt: 0 }, RENEW_EVERY_MS)
  const second = observe(first, { counter: 7, askedAt: 1_000, answeredAt: 4_000 }, RENEW_EVERY_MS)
  expect(observe(second, { counter: 7, askedAt: 5_000, answeredAt: 5_000 }, RENEW_EVERY_MS).stillMs).toBe(5_000)
})
