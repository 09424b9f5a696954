import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyOf } from '../../../src/core/trigger/any-of.ts'
import { at } from '../../../src/core/trigger/at.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { spread } from '../../../src/core/trigger/spread.ts'
import type { Trigger } from '../../../src/core/trigger/trigger.ts'
import { seed } from './seed.ts'

const ms = (iso: string) => Date.parse(iso)
const lastInstant = 253_402_300_799_999

function between(trigger: Trigger, from: number, to: number): number[] {
  const found: number[] = []
  for (let next = trigger.next(from); next !== undefined && next <= to; next = trigger.next(next)) found.push(next)
  return found
}

function backBetween(trigger: Trigger, from: number, to: number): number[] {
  const found: number[] = []
  for (let last = trigger.previous(to + 1); last !== undefined && last > from; last = trigger.previous(last))
    found.push(last)
  return found.toReversed()
}

describe('every', () => {
  test('is anchored at the Unix epoch', () => {
    expect(between(every('90m'), ms('2026-01-01T00:00:00Z'), ms('2026-01-01T04:00:00Z'))).toEqual([
      ms('2026-01-01T01:30:00Z'),
      ms('2026-01-01T03:00:00Z')
    ])
    expect(every(7).next(-1)).toBe(0)
    expect(every(7).next(0)).toBe(7)
    expect(every(7).next(6)).toBe(7)
    expect(every(7).previous(7)).toBe(0)
    expect(every(7).previous(8)).toBe(7)
    expect(every(7).previous(0)).toBeUndefined()
  })

  test('or at its start, which is a fire time; the end is inclusive', () => {
    const trigger = every('1h', { start: '2026-01-01T00:20:00Z', end: '2026-01-01T02:20:00Z' })
    const fires = ['00:20', '01:20', '02:20'].map(time => ms(`2026-01-01T${time}:00Z`))
    expect(between(trigger, -Infinity, Infinity)).toEqual(fires)
    expect(backBetween(trigger, -Infinity, Infinity)).toEqual(fires)
    expect(trigger.count(-Infinity, Infinity)).toBe(3)
    expect(trigger.count(fires[0]!, fires[1]!)).toBe(1)
    expect(trigger.count(fires[1]!, fires[0]!)).toBe(0)
  })

  test('ends in the year 9999', () => {
    const daily = every('1d')
    expect(daily.previous(Infinity)).toBe(Date.UTC(9999, 11, 31))
    expect(daily.next(Date.UTC(9999, 11, 31))).toBeUndefined()
    expect(every(1).count(-1, Infinity)).toBe(lastInstant + 1)
  })

  test.each([0, '0s'])('refuses an interval of %s', interval => {
    expect(() => every(interval)).toThrow(expect.objectContaining({ code: 'trigger-invalid' }))
  })

  test('refuses what is no duration, and an end before the start', () => {
    expect(() => every('often')).toThrow(
      expect.objectContaining({
        code: 'duration-invalid',
        message: expect.stringContaining('every: the interval got "often"')
      })
    )
    expect(() => every('1m', { start: 10, end: 9 })).toThrow(expect.objectContaining({ code: 'trigger-invalid' }))
  })
})

describe('at', () => {
  test('fires once', () => {
    const instant = ms('2026-05-01T10:00:00Z')
    for (const trigger of [
      at(instant),
      at('2026-05-01T12:00:00+02:00'),
      at(new Date(instant)),
      at('2026-05-01 10:00Z')
    ]) {
      expect([trigger.next(instant - 1), trigger.next(instant)]).toEqual([instant, undefined])
      expect([trigger.previous(instant + 1), trigger.previous(instant)]).toEqual([instant, undefined])
      expect([
        trigger.count(instant - 1, instant),
        trigger.count(instant, instant + 1),
        trigger.count(0, instant - 1)
      ]).toEqual([1, 0, 0])
    }
  })

  test.each([
    '2026-05-01T10:00:00',
    'May',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00+24:00',
    -1,
    1.5,
    1e18,
    Number.NaN,
    new Date(Number.NaN),
    null,
    undefined,
    {}
  ])('refuses %s', instant => {
    expect(() => at(instant as never)).toThrow(
      expect.objectContaining({ code: 'trigger-invalid', message: expect.stringContaining('at got') })
    )
  })
})

describe('anyOf', () => {
  test('has the fires of all, equal instants once', () => {
    const trigger = anyOf(every('20m'), every('30m'), at('2026-01-01T00:10:00Z'))
    const from = ms('2026-01-01T00:00:00Z')
    const minutes = [10, 20, 30, 40, 60].map(minute => from + minute * 60_000)
    expect(between(trigger, from, from + 3_600_000)).toEqual(minutes)
    expect(backBetween(trigger, from, from + 3_600_000)).toEqual(minutes)
    expect(trigger.count(from, from + 3_600_000)).toBe(5)
  })

  test('of one is that one, counted in closed form', () => {
    expect(anyOf(every(1)).count(-1, lastInstant)).toBe(lastInstant + 1)
  })

  test('has an end when all have', () => {
    const trigger = anyOf(at(5), at(9))
    expect([
      trigger.next(0),
      trigger.next(5),
      trigger.next(9),
      trigger.previous(10),
      trigger.previous(9),
      trigger.previous(5)
    ]).toEqual([5, 9, undefined, 9, 5, undefined])
    expect(trigger.count(-Infinity, Infinity)).toBe(2)
  })

  test('refuses to be of none', () => {
    expect(() => anyOf()).toThrow(expect.objectContaining({ code: 'trigger-invalid' }))
  })
})

describe('spread', () => {
  const daily = cron('0 0 * * *')
  const offsetOf = (id: string, window: number | string) =>
    (spread(daily, id, window).next(ms('2026-01-01T00:00:00Z') - 1) ?? 0) - ms('2026-01-01T00:00:00Z')

  test('the same id has the same offset, in this release and the next', () => {
    expect(offsetOf('ships', '10m')).toBe(offsetOf('ships', '10m'))
    expect([offsetOf('ships', '10m'), offsetOf('a', '10m'), offsetOf('b', '10m'), offsetOf('Köln', '10m')]).toEqual([
      34_179, 341_984, 18_886, 266_952
    ])
  })

  test('offsets fill the window evenly, also for ids that differ in their last digit', () => {
    const slots = Array.from({ length: 10 }, () => 0)
    for (let index = 0; index < 10_000; index += 1) {
      const offset = offsetOf(`schedule-${index}`, 1000)
      expect(offset).toBeGreaterThanOrEqual(0)
      expect(offset).toBeLessThan(1000)
      slots[Math.floor(offset / 100)]! += 1
    }
    expect(Math.min(...slots)).toBeGreaterThan(900)
    expect(Math.max(...slots)).toBeLessThan(1100)
  })

  test('a window of 1 ms shifts nothing', () => {
    expect(offsetOf('ships', 1)).toBe(0)
  })

  test('shifts every fire, and keeps next, previous and count inverse', () => {
    const trigger = spread(every('7m'), 'ships', '1h')
    const shift = (trigger.next(-1) ?? 0) % 420_000
    const from = ms('2026-01-01T00:00:00Z')
    const fires = between(trigger, from, from + 86_400_000)
    expect(fires.every(fire => fire % 420_000 === shift)).toBe(true)
    expect(backBetween(trigger, from, from + 86_400_000)).toEqual(fires)
    expect(trigger.count(from, from + 86_400_000)).toBe(fires.length)
  })

  test('leaves the years up to 9999', () => {
    const late = spread(at(lastInstant), 'ships', '1d')
    expect([late.next(0), late.previous(Infinity), late.count(0, Infinity)]).toEqual([undefined, undefined, 0])
  })

  test.each<[string, number | string, string]>([
    ['', '1m', 'trigger-invalid'],
    ['ships', 0, 'trigger-invalid'],
    ['ships', 'wide', 'duration-invalid']
  ])('refuses the id "%s" with the window %s', (id, window, code) => {
    expect(() => spread(daily, id, window)).toThrow(expect.objectContaining({ code }))
  })
})

test(`forth, back and counted agree for every kind (seed ${seed})`, () => {
  const interval = fc.integer({ min: 1, max: 10_000 }).map(each => every(each))
  const bounded = fc
    .tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 60_000 }))
    .map(([each, start, length]) => every(each, { start, end: start + length }))
  const once = fc.integer({ min: 0, max: 60_000 }).map(instant => at(instant))
  const simple = fc.oneof(interval, bounded, once)
  const merged = fc.array(simple, { minLength: 1, maxLength: 4 }).map(triggers => anyOf(...triggers))
  const shifted = fc
    .tuple(merged, fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 9000 }))
    .map(([trigger, id, window]) => spread(trigger, id, window))
  const span = fc.tuple(fc.integer({ min: -100, max: 60_000 }), fc.integer({ min: 0, max: 2000 }))
  fc.assert(
    fc.property(fc.oneof(simple, merged, shifted), span, (trigger, [from, length]) => {
      const fires = between(trigger, from, from + length)
      expect(backBetween(trigger, from, from + length)).toEqual(fires)
      expect(trigger.count(from, from + length)).toBe(fires.length)
    }),
    { seed, numRuns: 400 }
  )
})
