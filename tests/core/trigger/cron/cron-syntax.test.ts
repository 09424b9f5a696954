import { describe, expect, test } from 'vitest'
import { cron, type CronOptions } from '../../../../src/core/trigger/cron/cron.ts'
import { EscapementError } from '../../../../src/core/errors.ts'

const from = Date.parse('2026-01-01T00:00:00Z')

/** The next fires after 1 January 2026 UTC, without seconds where they are 0. */
function fires(expression: string, count: number, options: CronOptions = {}): string[] {
  const trigger = cron(expression, options)
  const found: string[] = []
  for (let at = trigger.next(from - 1); at !== undefined && found.length < count; at = trigger.next(at)) {
    found.push(new Date(at).toISOString().slice(0, 19).replace(/:00$/, '').replace('T', ' '))
  }
  return found
}

function errorOf(make: () => unknown): EscapementError {
  try {
    make()
  } catch (error) {
    if (error instanceof EscapementError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('fields', () => {
  test.each([
    ['30 6 * * *', ['2026-01-01 06:30', '2026-01-02 06:30']],
    ['15 30 6 * * *', ['2026-01-01 06:30:15', '2026-01-02 06:30:15']],
    ['0 0 0 1 1 * 2027,2030', ['2027-01-01 00:00', '2030-01-01 00:00']],
    ['0 0 0 1 1 ? 2030/4', ['2030-01-01 00:00', '2034-01-01 00:00']],
    ['0 0 0 1 1 * 2027-2028', ['2027-01-01 00:00', '2028-01-01 00:00']],
    ['  0\t0   1 * * ', ['2026-01-01 00:00', '2026-02-01 00:00']]
  ])('%s', (expression, expected) => {
    expect(fires(expression, 2)).toEqual(expected)
  })

  test.each([
    ['1,3-5,50/5 0 1 1 *', ['00:01', '00:03', '00:04', '00:05', '00:50', '00:55']],
    ['*/25 0 1 1 *', ['00:00', '00:25', '00:50']],
    ['10-30/10 0 1 1 *', ['00:10', '00:20', '00:30']],
    ['58-1 0 1 1 *', ['00:00', '00:01', '00:58', '00:59']],
    ['0 22-2/2 1 1 *', ['00:00', '02:00', '22:00']],
    ['0 5/9 1 1 *', ['05:00', '14:00', '23:00']],
    ['*/60 */24 1 1 *', ['00:00']]
  ])('lists, ranges and steps: %s', (expression, times) => {
    expect(fires(expression, times.length + 1).slice(0, times.length)).toEqual(times.map(time => `2026-01-01 ${time}`))
    expect(fires(expression, times.length + 1).at(-1)).toMatch(/^2027-/)
  })

  test.each([
    ['0 0 1 jan,MAR,dec *', ['2026-01-01', '2026-03-01', '2026-12-01', '2027-01-01']],
    ['0 0 1 nov-feb *', ['2026-01-01', '2026-02-01', '2026-11-01', '2026-12-01']],
    ['0 0 1 */5 *', ['2026-01-01', '2026-06-01', '2026-11-01', '2027-01-01']],
    ['0 0 30-2 * *', ['2026-01-01', '2026-01-02', '2026-01-30', '2026-01-31']],
    ['0 0 * * fri-mon', ['2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05']],
    ['0 0 * * Fri-7', ['2026-01-02', '2026-01-03', '2026-01-04', '2026-01-09']],
    ['0 0 * * 7-1', ['2026-01-04', '2026-01-05', '2026-01-11', '2026-01-12']],
    ['0 0 * * 7', ['2026-01-04', '2026-01-11', '2026-01-18', '2026-01-25']],
    ['0 0 * * 0', ['2026-01-04', '2026-01-11', '2026-01-18', '2026-01-25']],
    ['0 0 * * 1-7/3', ['2026-01-01', '2026-01-04', '2026-01-05', '2026-01-08']],
    ['0 0 ? * mon', ['2026-01-05', '2026-01-12', '2026-01-19', '2026-01-26']],
    ['0 0 5 * ?', ['2026-01-05', '2026-02-05', '2026-03-05', '2026-04-05']],
    ['0 0 ? * ?', ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04']]
  ])('days and names: %s', (expression, days) => {
    expect(fires(expression, 4)).toEqual(days.map(day => `${day} 00:00`))
  })

  test.each([
    ['@yearly', '0 0 1 1 *'],
    ['@annually', '0 0 1 1 *'],
    ['@monthly', '0 0 1 * *'],
    ['@weekly', '0 0 * * 0'],
    ['@daily', '0 0 * * *'],
    ['@midnight', '0 0 * * *'],
    ['@Hourly', '0 * * * *']
  ])('%s is %s', (macro, expression) => {
    expect(fires(macro, 40)).toEqual(fires(expression, 40))
  })
})

describe('an error points at the field', () => {
  test.each([
    ['61 * * * *', 'the minute field (1 of 5) got "61"', '^^', 0],
    ['0 24 * * *', 'the hour field (2 of 5) got "24"', '^^', 2],
    ['0 0 10,0 * *', 'the day-of-month field (3 of 5) got "0"', '^', 7],
    ['0 0 32 * *', 'the day-of-month field (3 of 5) got "32"', '^^', 4],
    ['0 0 * Foo *', 'the month field (4 of 5) got "Foo"', '^^^', 6],
    ['0 0 * * mon-fry', 'the day-of-week field (5 of 5) got "mon-fry"', '^^^^^^^', 8],
    ['0 0 * * 8', 'the day-of-week field (5 of 5) got "8"', '^', 8],
    ['60 0 0 * * *', 'the second field (1 of 6) got "60"', '^^', 0],
    ['0 0 0 1 1 * 1969', 'the year field (7 of 7) got "1969"', '^^^^', 12],
    ['0 0 0 1 1 * 2030-2029', 'the year field (7 of 7) got "2030-2029", which ends before it begins', '^^^^^^^^^', 12],
    ['*/0 * * * *', 'the minute field (1 of 5) got "/0", a step outside 1-60', '^^', 1],
    ['*/90 * * * *', 'the minute field (1 of 5) got "/90", a step outside 1-60', '^^^', 1],
    ['0 */25 * * *', 'the hour field (2 of 5) got "/25", a step outside 1-24', '^^^', 3],
    ['1/2/3 * * * *', 'the minute field (1 of 5) got "1/2/3", which has more than one step', '^^^^^', 0],
    ['1-2-3 * * * *', 'the minute field (1 of 5) got "1-2-3"', '^^^^^', 0],
    ['? * * * *', 'the minute field (1 of 5) got "?"', '^', 0],
    ['-5 * * * *', 'the minute field (1 of 5) got "-5"', '^^', 0],
    ['1. * * * *', 'the minute field (1 of 5) got "1."', '^^', 0],
    ['0 0 0W * *', 'the day-of-month field (3 of 5) got "0W"', '^^', 4],
    [
      '0 0 L-31 * *',
      'the day-of-month field (3 of 5) got "L-31", which is further from the last day than 30',
      '^^^^',
      4
    ],
    ['0 0 * * 5#6', 'the day-of-week field (5 of 5) got "5#6", whose "#" takes 1-5', '^^^', 8],
    ['0 0 * * 5#1#2', 'the day-of-week field (5 of 5) got "5#1#2", whose "#" takes 1-5', '^^^^^', 8],
    [
      '0 0 * * L',
      'the day-of-week field (5 of 5) got "L", which names no day; the last Friday is "friL" or "5L"',
      '^',
      8
    ]
  ])('%s', (expression, got, caret, column) => {
    const error = errorOf(() => cron(expression))
    expect(error.code).toBe('cron-invalid')
    expect(error.message).toContain(`Cron expression "${expression}": ${got}; it takes `)
    expect(error.message.split('\n').slice(1)).toEqual([`  ${expression}`, `  ${' '.repeat(column)}${caret}`])
  })

  test('and says what the field takes', () => {
    const { message } = errorOf(() => cron('0 0 * * x'))
    expect(message).toContain('it takes 0-7 (0 and 7 are Sunday), sun to sat')
    expect(message).toContain('ranges "a-b", steps "*/n", "a-b/n" and "a/n", and lists with commas')
  })

  test.each(['0,,1 * * * *', ', * * * *', '1- * * * *', '/5 * * * *', '*/ * * * *'])(
    'an empty part: %s',
    expression => {
      expect(errorOf(() => cron(expression)).code).toBe('cron-invalid')
    }
  )

  test.each(['', '* * * *', '* * * * * * * *'])('a wrong number of fields: "%s"', expression => {
    const { code, message } = errorOf(() => cron(expression))
    expect(code).toBe('cron-invalid')
    expect(message).toContain('it takes 5 (minute hour day-of-month month day-of-week)')
  })

  test('an unknown macro', () => {
    expect(errorOf(() => cron('@every 5m'))).toMatchObject({
      code: 'cron-invalid',
      message: expect.stringContaining('@daily, @midnight, @hourly')
    })
    expect(errorOf(() => cron('@reboot')).message).toContain('runAtStart')
  })

  test('something that is no text', () => {
    expect(errorOf(() => cron(5 as never))).toMatchObject({
      code: 'cron-invalid',
      message: expect.stringContaining('number')
    })
  })
})

describe('an expression that can never match is refused', () => {
  test.each<[string, CronOptions]>([
    ['0 0 31 2 *', {}],
    ['0 0 30 feb *', {}],
    ['0 0 31 4,6,9,11 *', {}],
    ['0 0 L-30 2,4 *', {}],
    ['0 0 31W 4 *', {}],
    ['0 0 0 29 2 ? 2027', {}],
    ['0 0 0 29 2 ? 2100', {}],
    ['0 0 1 * tue#2', { days: 'and' }],
    ['0 0 0 1 1 * 2026', { start: '2026-02-01T00:00:00Z' }],
    ['0 0 1 1 *', { start: '2026-02-01T00:00:00Z', end: '2026-12-31T00:00:00Z' }],
    ['0 30 2 8 3 * 2026', { timezone: 'America/New_York', dst: { gap: 'skip' } }],
    ['0 */5 2 8 3 * 2026', { timezone: 'America/New_York' }]
  ])('%s %o', (expression, options) => {
    expect(errorOf(() => cron(expression, options))).toMatchObject({
      code: 'cron-impossible',
      message: expect.stringContaining(expression)
    })
  })

  test.each<[string, CronOptions]>([
    ['0 0 29 2 *', {}],
    ['0 0 31 2 mon', {}],
    ['0 0 0 29 2 ? 2000', {}],
    ['0 0 L-30 1 *', {}],
    ['0 30 2 8 3 * 2026', { timezone: 'America/New_York' }]
  ])('but not %s %o', (expression, options) => {
    expect(cron(expression, options).next(0)).toBeDefined()
  })
})

describe('options', () => {
  test('start and end are inclusive', () => {
    const trigger = cron('0 * * * *', { start: '2026-01-01T02:00:00Z', end: new Date('2026-01-01T04:00:00Z') })
    const hour = 3_600_000
    expect([
      trigger.next(0),
      trigger.next(from + 2 * hour),
      trigger.next(from + 3 * hour),
      trigger.next(from + 4 * hour)
    ]).toEqual([from + 2 * hour, from + 3 * hour, from + 4 * hour, undefined])
    expect([trigger.previous(Infinity), trigger.previous(from + 3 * hour), trigger.previous(from + 2 * hour)]).toEqual([
      from + 4 * hour,
      from + 2 * hour,
      undefined
    ])
    expect(trigger.count(-Infinity, Infinity)).toBe(3)
  })

  test.each<[CronOptions, string, string]>([
    [{ timezone: 'Nowhere/Else' }, 'timezone-invalid', '"Nowhere/Else"'],
    [
      { dst: { gap: 'later' as never } },
      'trigger-invalid',
      'dst.gap got "later"; it takes one of "transition", "skip", "shift"'
    ],
    [
      { dst: { overlap: 'none' as never } },
      'trigger-invalid',
      'dst.overlap got "none"; it takes one of "first", "last", "both"'
    ],
    [{ days: 'xor' as never }, 'trigger-invalid', 'days got "xor"; it takes one of "or", "and"'],
    [{ start: 'tomorrow' }, 'trigger-invalid', 'start got "tomorrow"; it takes a Date'],
    [{ start: '2026-01-01T00:00:00' }, 'trigger-invalid', 'ISO 8601 text with Z or an offset'],
    [{ start: 2, end: 1 }, 'trigger-invalid', 'before start']
  ])('%o are refused', (options, code, message) => {
    expect(errorOf(() => cron('* * * * *', options))).toMatchObject({ code, message: expect.stringContaining(message) })
  })

  test('outside of 1970 to 9999 nothing fires', () => {
    const yearly = cron('@yearly')
    expect(yearly.next(-1e15)).toBe(0)
    expect(yearly.previous(0)).toBeUndefined()
    expect(yearly.next(Date.UTC(9999, 0, 1))).toBeUndefined()
    expect(yearly.previous(Infinity)).toBe(Date.UTC(9999, 0, 1))
    expect(yearly.count(-Infinity, Infinity)).toBe(8030)
    expect([yearly.next(Infinity), yearly.next(Number.NaN), yearly.previous(-Infinity)]).toEqual([
      undefined,
      undefined,
      undefined
    ])
  })

  test('an instant between two seconds counts as such', () => {
    const trigger = cron('* * * * * *')
    expect([trigger.next(999.5), trigger.next(1000), trigger.previous(1000.5), trigger.previous(1000)]).toEqual([
      1000, 2000, 1000, 0
    ])
  })
})
