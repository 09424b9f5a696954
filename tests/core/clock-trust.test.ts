import { describe, expect, test } from 'vitest'
import { type ClockReading, type ClockTrust, contradicts, firstTrust, trustAfter } from '../../src/core/clock-trust.ts'

const WALL = Date.UTC(2026, 0, 1)
const DAY = 86_400_000

/** Looks at the seconds of the monotonic clock, while the wall clock is off by so much. Answers the verdicts. */
function looks(readings: readonly (readonly [second: number, offMs: number])[]): string[] {
  const reading = (second: number, offMs: number): ClockReading => ({
    at: WALL + second * 1_000 + offMs,
    askedAt: second * 1_000,
    answeredAt: second * 1_000 + 2
  })
  let trust: ClockTrust = firstTrust(reading(0, 0))
  return readings.map(([second, offMs]) => {
    const after = trustAfter(trust, reading(second, offMs))
    trust = after.trust
    return after.verdict
  })
}

describe('a wall clock', () => {
  test('is believed while it goes on as the monotonic one does, however long nobody looked', () => {
    expect(
      looks([
        [60, 0],
        [3_600, 40],
        [90_000, 900]
      ])
    ).toEqual(['agreed', 'agreed', 'agreed'])
  })

  test('that drifts, or is set right by small steps, is followed', () => {
    expect(
      looks([
        [60, 1_500],
        [120, 3_000],
        [180, 4_500]
      ])
    ).toEqual(['agreed', 'agreed', 'agreed'])
  })

  test.each([DAY, -DAY, 3_000, -3_000])('that jumped by %i ms is held until it has agreed for 15 s', jump => {
    expect(
      looks([
        [10, jump],
        [20, jump],
        [24.9, jump],
        [25.1, jump],
        [26, jump]
      ])
    ).toEqual(['jumped', 'held', 'held', 'believed', 'agreed'])
  })

  test('that lied and came back was never believed', () => {
    expect(
      looks([
        [10, DAY],
        [13, 0],
        [14, DAY],
        [28, DAY],
        [29, 0]
      ])
    ).toEqual(['jumped', 'returned', 'jumped', 'held', 'returned'])
  })

  test('that goes on jumping is held for as long', () => {
    expect(
      looks([
        [10, DAY],
        [20, 2 * DAY],
        [30, 2 * DAY],
        [36, 2 * DAY]
      ])
    ).toEqual(['jumped', 'jumped', 'held', 'believed'])
  })

  test('that was long under way to us is no jump, and does not blunt the next look', () => {
    const first = firstTrust({ at: WALL, askedAt: 0, answeredAt: 2 })
    const slow = trustAfter(first, { at: WALL + 12_000, askedAt: 10_000, answeredAt: 20_000 })
    expect(slow.verdict).toBe('agreed')
    expect(trustAfter(slow.trust, { at: WALL + 24_500, askedAt: 21_000, answeredAt: 21_002 }).verdict).toBe('jumped')
  })
})

describe('what a process without a former look knows of the time', () => {
  const alive = (agoMs: number) => ({ isAlive: true, renewedAt: WALL - agoMs })
  const gone = (agoMs: number) => ({ isAlive: false, renewedAt: WALL - agoMs })

  test.each([
    ['nothing', [], false],
    ['a node that has just renewed', [alive(4_000)], false],
    ['one that has, beside one that is silent', [alive(4_000), alive(DAY)], false],
    ['a node that has renewed later than now', [alive(-10_000)], true],
    ['one that did so, and is gone', [gone(-DAY), alive(4_000)], true],
    ['only nodes that are silent for longer than anyone lives', [alive(DAY), alive(18_000)], true],
    ['nodes that have left long ago', [gone(DAY)], false]
  ] as const)('%s', (_, others, expected) => {
    expect(contradicts(others, WALL, 15_000)).toBe(expected)
  })
})
