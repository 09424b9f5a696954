import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  firstDayOfMonth,
  formatDay,
  monthLength,
  monthOf,
  monthOfDay,
  parseDay,
  parseTime,
  weekdayOf
} from '../../../../src/core/trigger/zone/civil.ts'
import { formatInstant, instantMs } from '../../../../src/core/trigger/instant.ts'
import { seed } from '../seed.ts'

const dayMs = 86_400_000

test('every day from 1969 to 10000 has the month, weekday and date of the calendar', () => {
  let month = monthOf(1969, 1)
  for (let day = Date.UTC(1969, 0, 1) / dayMs; day < Date.UTC(10_001, 0, 1) / dayMs; day += 1) {
    if (day === firstDayOfMonth(month + 1)) month += 1
    if (monthOfDay(day) !== month) expect(monthOfDay(day), `day ${day}`).toBe(month)
  }
  expect(month).toBe(monthOf(10_000, 12))
  for (let each = monthOf(1969, 1); each < monthOf(10_001, 1); each += 1) {
    const first = new Date(0)
    first.setUTCFullYear(1969, each + 12, 1)
    const next = new Date(0)
    next.setUTCFullYear(1969, each + 13, 1)
    if (firstDayOfMonth(each) * dayMs !== first.getTime()) expect(firstDayOfMonth(each) * dayMs).toBe(first.getTime())
    if (monthLength(each) * dayMs !== next.getTime() - first.getTime())
      expect(monthLength(each), `month ${each}`).toBeUndefined()
    if (weekdayOf(first.getTime() / dayMs) !== first.getUTCDay())
      expect(weekdayOf(first.getTime() / dayMs)).toBe(first.getUTCDay())
  }
})

test(`instants are written and read as Date does (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), ms => {
      const text = formatInstant(ms)
      expect(text).toBe(new Date(ms).toISOString().replace('.000Z', 'Z'))
      expect(instantMs('it', text)).toBe(ms)
    }),
    { seed, numRuns: 500 }
  )
})

test.each([
  ['2026-03-08T02:30:00Z', '2026-03-08T02:30:00Z'],
  ['2026-03-08t02:30z', '2026-03-08T02:30:00Z'],
  ['2026-03-08 02:30:00.1239-05:00', '2026-03-08T07:30:00.123Z'],
  ['2026-03-08T02:30:00+0545', '2026-03-07T20:45:00Z'],
  ['1970-01-01T01:00:00+01:00', '1970-01-01T00:00:00Z']
])('%s is %s', (text, instant) => {
  expect(formatInstant(instantMs('it', text))).toBe(instant)
})

test("dates and times that don't exist are no dates and times", () => {
  expect(['2026-02-29', '2026-13-01', '2026-00-01', '2026-01-00', '2026-1-1', '26-01-01'].map(parseDay)).toEqual(
    Array.from({ length: 6 }, () => undefined)
  )
  expect(['24:00', '00:60', '00:00:60', '0:00', '00:00:00.5', ''].map(parseTime)).toEqual(
    Array.from({ length: 6 }, () => undefined)
  )
  expect([parseDay('2028-02-29'), parseTime('23:59'), parseTime('23:59:58')].map(Number)).toEqual([
    Date.UTC(2028, 1, 29) / dayMs,
    86_340,
    86_398
  ])
  expect(formatDay(Date.UTC(2028, 1, 29) / dayMs)).toBe('2028-02-29')
})
