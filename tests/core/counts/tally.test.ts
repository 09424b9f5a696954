import { expect, test } from 'vitest'
import {
  bucketOf,
  outcomesOfReport,
  outcomesOfRescue,
  rollUpsAt,
  TALLY_BOUNDS_MS
} from '../../../src/core/counts/tally.ts'

const [HOUR, DAY] = [3_600_000, 86_400_000]

test('a bucket ends with its bound, and the last one has no end', () => {
  expect(TALLY_BOUNDS_MS).toHaveLength(11)
  expect(TALLY_BOUNDS_MS.toSorted((a, b) => a - b)).toEqual(TALLY_BOUNDS_MS)
  expect([0, 10, 10.5, 11, 30, 3_600_000, 3_600_001, Infinity].map(bucketOf)).toEqual([0, 0, 1, 1, 1, 10, 11, 11])
})

test('how a report counts', () => {
  const usual = { wasCancelled: false, isAtMostOnce: false }
  expect(outcomesOfReport({ kind: 'completed' }, { ...usual, wasCancelled: true })).toEqual(['completed'])
  expect(outcomesOfReport({ kind: 'failed', retryAt: 5 }, usual)).toEqual(['failed'])
  expect(outcomesOfReport({ kind: 'failed', retryAt: undefined }, usual)).toEqual(['failed', 'discarded'])
  expect(outcomesOfReport({ kind: 'failed', retryAt: 5 }, { ...usual, isAtMostOnce: true })).toEqual([
    'failed',
    'discarded'
  ])
  for (const kind of ['given-back', 'snoozed'] as const) {
    expect(outcomesOfReport({ kind }, usual)).toEqual([])
    expect(outcomesOfReport({ kind }, { ...usual, wasCancelled: true })).toEqual(['cancelled'])
    expect(outcomesOfReport({ kind }, { ...usual, isAtMostOnce: true })).toEqual(['discarded'])
  }
  expect(outcomesOfReport({ kind: 'failed', retryAt: undefined }, { ...usual, wasCancelled: true })).toEqual([
    'cancelled'
  ])
})

test('how a rescue counts', () => {
  expect((['available', 'discarded', 'cancelled'] as const).map(outcomesOfRescue)).toEqual([
    ['lost'],
    ['lost', 'discarded'],
    ['lost', 'cancelled']
  ])
})

test('only whole spans are rolled up', () => {
  const now = 40 * DAY + 5 * HOUR + 17 * 60_000 + 12_345
  expect(rollUpsAt(now)).toEqual([
    { level: 0, before: 40 * DAY + 3 * HOUR + 17 * 60_000, spanMs: 60_000 },
    { level: 1, before: 39 * DAY + 5 * HOUR + 10 * 60_000, spanMs: 600_000 },
    { level: 2, before: 10 * DAY + 5 * HOUR, spanMs: HOUR }
  ])
})
