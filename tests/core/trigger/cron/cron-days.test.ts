import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cron, type CronOptions } from '../../../../src/core/trigger/cron/cron.ts'
import { seed } from '../seed.ts'

const dayMs = 86_400_000

/** The matching days of a month as days of the month. */
function daysIn(year: number, month: number, expression: string, options: CronOptions = {}): number[] {
  const trigger = cron(expression, options)
  const days: number[] = []
  const end = Date.UTC(year, month, 1)
  for (let at = trigger.next(Date.UTC(year, month - 1, 1) - 1); at !== undefined && at < end; at = trigger.next(at)) {
    days.push(new Date(at).getUTCDate())
  }
  return days
}

describe('days of the month', () => {
  test.each([
    ['L', 2026, 2, [28]],
    ['L', 2028, 2, [29]],
    ['L', 2026, 4, [30]],
    ['L-3', 2026, 2, [25]],
    ['L-30', 2026, 1, [1]],
    ['L-30', 2026, 4, []],
    ['1,L', 2026, 4, [1, 30]],
    ['15W', 2026, 8, [14]],
    ['15W', 2026, 11, [16]],
    ['15W', 2026, 1, [15]],
    ['1W', 2026, 8, [3]],
    ['1W', 2026, 2, [2]],
    ['31W', 2026, 5, [29]],
    ['31W', 2026, 1, [30]],
    ['31W', 2026, 4, []],
    ['28W', 2026, 2, [27]],
    ['30W', 2025, 11, [28]],
    ['LW', 2026, 1, [30]],
    ['LW', 2026, 5, [29]],
    ['LW', 2026, 3, [31]],
    ['lw,10w', 2026, 1, [9, 30]]
  ])('%s in %i-%i', (field, year, month, days) => {
    expect(daysIn(year, month, `0 0 ${field} * *`)).toEqual(days)
  })
})

describe('days of the week', () => {
  test.each([
    ['fri#1', 2026, 1, [2]],
    ['5#5', 2026, 1, [30]],
    ['5#5', 2026, 2, []],
    ['7#2', 2026, 1, [11]],
    ['sun#2', 2026, 1, [11]],
    ['mon#1,wed#3', 2026, 1, [5, 21]],
    ['friL', 2026, 1, [30]],
    ['0L', 2026, 2, [22]],
    ['7L', 2026, 2, [22]],
    ['sat,monL', 2026, 2, [7, 14, 21, 23, 28]]
  ])('%s in %i-%i', (field, year, month, days) => {
    expect(daysIn(year, month, `0 0 * * ${field}`)).toEqual(days)
  })
})

describe('day-of-month and day-of-week', () => {
  test('both restricted: either suffices', () => {
    expect(daysIn(2026, 2, '0 0 13 * fri')).toEqual([6, 13, 20, 27])
    expect(daysIn(2026, 1, '0 0 13 * fri')).toEqual([2, 9, 13, 16, 23, 30])
    expect(daysIn(2026, 1, '0 0 L * mon#1')).toEqual([5, 31])
  })

  test('both must match with days: and', () => {
    expect(daysIn(2026, 2, '0 0 13 * fri', { days: 'and' })).toEqual([13])
    expect(daysIn(2026, 1, '0 0 13 * fri', { days: 'and' })).toEqual([])
    expect(daysIn(2026, 3, '0 0 8-14 * sun', { days: 'and' })).toEqual([8])
  })

  test('a field that begins with * does not count as restricted: both must match', () => {
    expect(daysIn(2026, 1, '0 0 */2 * mon')).toEqual([5, 19])
    expect(daysIn(2026, 1, '0 0 1-7 * */2')).toEqual([1, 3, 4, 6])
    expect(daysIn(2026, 1, '0 0 1-31/2 * mon')).toEqual([
      1, 3, 5, 7, 9, 11, 12, 13, 15, 17, 19, 21, 23, 25, 26, 27, 29, 31
    ])
  })
})

test(`random day fields match what a calendar says (seed ${seed})`, () => {
  const numbers = (min: number, max: number) => fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 })
  const fields = fc.record({
    days: fc.option(numbers(1, 31), { nil: undefined }),
    last: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    near: fc.option(fc.integer({ min: 1, max: 31 }), { nil: undefined }),
    lastWeekday: fc.boolean(),
    months: fc.option(numbers(1, 12), { nil: undefined }),
    weekdays: fc.option(numbers(0, 7), { nil: undefined }),
    nth: fc.option(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 5 })), { nil: undefined }),
    lastOf: fc.option(fc.integer({ min: 0, max: 7 }), { nil: undefined }),
    rule: fc.constantFrom('or' as const, 'and' as const),
    year: fc.integer({ min: 1971, max: 9998 })
  })
  fc.assert(
    fc.property(fields, ({ days, last, near, lastWeekday, months, weekdays, nth, lastOf, rule, year }) => {
      const monthDay =
        [days, last !== undefined && `L-${last}`, near && `${near}W`, lastWeekday && 'LW'].filter(Boolean).join(',') ||
        '*'
      const weekDay =
        [weekdays, nth && nth.join('#'), lastOf !== undefined && `${lastOf}L`].filter(Boolean).join(',') || '*'
      const expression = `0 0 ${monthDay} ${months?.join(',') ?? '*'} ${weekDay}`
      const trigger = possible(expression, rule)

      const expected: number[] = []
      for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += dayMs) {
        const date = new Date(at)
        const [day, weekday] = [date.getUTCDate(), date.getUTCDay()]
        const length = new Date(Date.UTC(year, date.getUTCMonth() + 1, 0)).getUTCDate()
        const ofMonth =
          monthDay === '*' ||
          days?.includes(day) ||
          (last !== undefined && day === length - last) ||
          (near && near <= length && day === nearest(year, date.getUTCMonth(), near)) ||
          (lastWeekday && day === nearest(year, date.getUTCMonth(), length))
        const ofWeek =
          weekDay === '*' ||
          weekdays?.some(each => each % 7 === weekday) ||
          (nth && nth[0] % 7 === weekday && Math.ceil(day / 7) === nth[1]) ||
          (lastOf !== undefined && lastOf % 7 === weekday && day + 7 > length)
        const either = rule === 'or' && monthDay !== '*' && weekDay !== '*'
        const matches = either ? ofMonth || ofWeek : ofMonth && ofWeek
        if (matches && (!months || months.includes(date.getUTCMonth() + 1))) expected.push(at)
      }
      const found: number[] = []
      const end = Date.UTC(year + 1, 0, 1)
      for (let at = trigger?.next(Date.UTC(year, 0, 1) - 1); at !== undefined && at < end; at = trigger?.next(at)) {
        found.push(at)
      }
      expect(found, expression).toEqual(expected)
    }),
    { seed, numRuns: 400 }
  )
})

function possible(expression: string, days: 'or' | 'and') {
  try {
    return cron(expression, { days })
  } catch (error) {
    expect(error).toMatchObject({ code: 'cron-impossible' })
    return undefined
  }
}

/** The weekday (mon to fri) nearest to a day, within its month. */
function nearest(year: number, month: number, day: number): number {
  const distances = [0, -1, 1, -2, 2]
  const found = distances.find(distance => {
    const date = new Date(Date.UTC(year, month, day + distance))
    return date.getUTCMonth() === month && date.getUTCDay() % 6 !== 0
  })
  return day + (found ?? Number.NaN)
}
