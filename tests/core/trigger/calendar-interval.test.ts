import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarInterval, type CalendarIntervalOptions } from '../../../src/core/trigger/calendar-interval.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { seed } from './seed.ts'

const ms = (iso: string) => Date.parse(iso)

function fires(options: CalendarIntervalOptions, count: number, from = -1): string[] {
  const trigger = calendarInterval(options)
  const found: string[] = []
  for (let at = trigger.next(from); at !== undefined && found.length < count; at = trigger.next(at)) {
    const { local, transition } = trigger.explain(at)
    found.push(`${local.slice(0, 16).replace('T', ' ')}${transition ? ` ${transition}` : ''}`)
  }
  return found
}

describe('dates', () => {
  test.each<[string, Partial<CalendarIntervalOptions>, string[]]>([
    ['days', { days: 3 }, ['2026-01-31', '2026-02-03', '2026-02-06']],
    ['weeks', { weeks: 2 }, ['2026-01-31', '2026-02-14', '2026-02-28']],
    [
      'months clamp to the last day by default',
      { months: 1 },
      ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']
    ],
    ['months clamp', { months: 1, monthDay: 'clamp' }, ['2026-01-31', '2026-02-28', '2026-03-31']],
    [
      'months skip',
      { months: 1, monthDay: 'skip' },
      ['2026-01-31', '2026-03-31', '2026-05-31', '2026-07-31', '2026-08-31']
    ],
    [
      'years from a leap day clamp',
      { years: 1, start: '2028-02-29' },
      ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29']
    ],
    [
      'years from a leap day skip',
      { years: 1, monthDay: 'skip', start: '2096-02-29' },
      ['2096-02-29', '2104-02-29', '2108-02-29']
    ],
    [
      'months and days together, both from the start',
      { months: 1, days: 10 },
      ['2026-01-31', '2026-03-10', '2026-04-20', '2026-05-30']
    ],
    ['years and weeks', { years: 1, weeks: 1 }, ['2026-01-31', '2027-02-07', '2028-02-14']]
  ])('%s', (_, options, expected) => {
    expect(fires({ time: '09:30', start: '2026-01-31', ...options }, expected.length)).toEqual(
      expected.map(date => `${date} 09:30`)
    )
  })

  test('the first fire is the start, and the end is inclusive', () => {
    const options = { days: 1, time: '12:00:30', start: '2026-01-01', end: '2026-01-03T12:00:30Z' }
    const trigger = calendarInterval(options)
    expect(trigger.next(0)).toBe(ms('2026-01-01T12:00:30Z'))
    expect(trigger.previous(ms('2026-01-01T12:00:30Z'))).toBeUndefined()
    expect(trigger.previous(Infinity)).toBe(ms('2026-01-03T12:00:30Z'))
    expect(trigger.next(ms('2026-01-03T12:00:30Z'))).toBeUndefined()
    expect(trigger.count(-Infinity, Infinity)).toBe(3)
  })

  test('end with the year 9999', () => {
    const trigger = calendarInterval({ years: 4, time: '00:00', start: '1972-02-29' })
    expect(trigger.previous(Infinity)).toBe(Date.UTC(9996, 1, 29))
    expect(trigger.next(Date.UTC(9996, 1, 29))).toBeUndefined()
    expect(trigger.count(-Infinity, Infinity)).toBe((9996 - 1972) / 4 + 1)
  })
})

describe('local times in a gap or an overlap', () => {
  const spring = { days: 1, time: '02:30', timezone: 'America/New_York', start: '2026-03-07' }
  const autumn = { days: 1, time: '01:30', timezone: 'America/New_York', start: '2026-10-31' }

  test.each([
    ['transition', ['2026-03-07 02:30', '2026-03-08 03:00 gap', '2026-03-09 02:30']],
    ['shift', ['2026-03-07 02:30', '2026-03-08 03:30 gap', '2026-03-09 02:30']],
    ['skip', ['2026-03-07 02:30', '2026-03-09 02:30', '2026-03-10 02:30']]
  ] as const)('gap %s', (gap, expected) => {
    expect(fires({ ...spring, dst: { gap } }, 3)).toEqual(expected)
  })

  test.each([
    ['first', ['2026-10-31T05:30:00Z', '2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z']],
    ['last', ['2026-10-31T05:30:00Z', '2026-11-01T06:30:00Z', '2026-11-02T06:30:00Z']],
    ['both', ['2026-10-31T05:30:00Z', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z', '2026-11-02T06:30:00Z']]
  ] as const)('overlap %s', (overlap, expected) => {
    const trigger = calendarInterval({ ...autumn, dst: { overlap } })
    const [from, to] = [ms('2026-10-31T00:00:00Z'), ms('2026-11-02T12:00:00Z')]
    const found: number[] = []
    for (let at = trigger.next(from); at !== undefined && at <= to; at = trigger.next(at)) found.push(at)
    expect(found).toEqual(expected.map(ms))
    expect(trigger.count(from, to)).toBe(found.length)
    expect(trigger.explain(found[1] ?? 0).transition).toBe('overlap')
  })

  test('a whole date', () => {
    const samoa = { days: 1, time: '12:00', timezone: 'Pacific/Apia', start: '2011-12-29' }
    expect(fires(samoa, 3)).toEqual(['2011-12-29 12:00', '2011-12-31 00:00 gap', '2011-12-31 12:00'])
    expect(fires({ ...samoa, dst: { gap: 'shift' } }, 3)).toEqual([
      '2011-12-29 12:00',
      '2011-12-31 12:00 gap',
      '2012-01-01 12:00'
    ])
    expect(fires({ ...samoa, dst: { gap: 'skip' } }, 3)).toEqual([
      '2011-12-29 12:00',
      '2011-12-31 12:00',
      '2012-01-01 12:00'
    ])
  })
})

test(`a daily interval is a daily cron entry, and forth, back and counted agree (seed ${seed})`, () => {
  const zone = fc.constantFrom('UTC', 'America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe', 'Africa/Casablanca')
  const dst = fc.record({
    gap: fc.constantFrom('transition' as const, 'skip' as const, 'shift' as const),
    overlap: fc.constantFrom('first' as const, 'last' as const, 'both' as const)
  })
  const two = (value: number) => String(value).padStart(2, '0')
  const steps = fc.record({ months: fc.nat(14), weeks: fc.nat(3), days: fc.nat(40) })
  const from = fc.integer({ min: Date.UTC(1999, 0, 1), max: Date.UTC(2045, 0, 1) })
  fc.assert(
    fc.property(zone, dst, fc.nat(23), fc.nat(59), steps, from, (timezone, policy, hour, minute, step, start) => {
      const options = { timezone, dst: policy, time: `${two(hour)}:${two(minute)}`, start: '1999-01-31' }
      const to = start + 300 * 86_400_000
      const daily = calendarInterval({ ...options, days: 1 })
      const entry = cron(`${minute} ${hour} * * *`, { timezone, dst: policy })
      const stepped = step.months + step.weeks + step.days > 0 ? calendarInterval({ ...options, ...step }) : daily
      for (const trigger of [daily, stepped]) {
        const forth: number[] = []
        for (let at = trigger.next(start); at !== undefined && at <= to; at = trigger.next(at)) forth.push(at)
        const back: number[] = []
        for (let at = trigger.previous(to + 1); at !== undefined && at > start; at = trigger.previous(at)) back.push(at)
        expect(back.toReversed()).toEqual(forth)
        expect(trigger.count(start, to)).toBe(forth.length)
        if (trigger !== daily || start < Date.UTC(1999, 1, 2)) continue
        expect(
          forth.every(
            at => entry.next(at - 1) === at && entry.explain(at).transition === trigger.explain(at).transition
          )
        ).toBe(true)
        expect(entry.count(start, to)).toBe(forth.length)
      }
    }),
    { seed, numRuns: 100 }
  )
})

describe('what is not well formed is refused', () => {
  const right = { days: 1, time: '09:00', start: '2026-01-01' }

  test.each<[string, object, string]>([
    ['no interval', { days: 0 }, 'the interval got 0; it takes at least one of years, months, weeks and days above 0'],
    ['a part of a day', { days: 1.5 }, 'days got 1.5; it takes a whole number'],
    ['a negative interval', { days: 1, months: -1 }, 'months got -1'],
    ['a date of no calendar', { start: '2026-02-29' }, 'start got "2026-02-29"; it takes a date'],
    ['an instant as start', { start: '2026-01-01T00:00:00Z' }, 'it takes a date "YYYY-MM-DD" from 1970 to 9999'],
    ['a start before 1970', { start: '1969-12-31' }, 'start got "1969-12-31"'],
    ['no time', { time: undefined }, 'time got undefined; it takes "HH:MM" or "HH:MM:SS"'],
    ['a time of no day', { time: '24:00' }, 'time got "24:00"'],
    ['an unknown rule', { monthDay: 'last' }, 'monthDay got "last"; it takes one of "clamp", "skip"'],
    ['an unknown policy', { dst: { gap: 'x' } }, 'dst.gap got "x"'],
    ['an end that is no instant', { end: 'soon' }, 'end got "soon"']
  ])('%s', (_, options, message) => {
    expect(() => calendarInterval({ ...right, ...options })).toThrow(
      expect.objectContaining({ code: 'trigger-invalid', message: expect.stringContaining(message) })
    )
  })

  test('an unknown zone', () => {
    expect(() => calendarInterval({ ...right, timezone: 'X' })).toThrow(
      expect.objectContaining({ code: 'timezone-invalid' })
    )
  })
})
