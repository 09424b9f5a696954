import { CronExpressionParser } from 'cron-parser'
import { Cron } from 'croner'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cron, type CronOptions } from '../../../../src/core/trigger/cron/cron.ts'
import { seed } from '../seed.ts'

/**
 * croner 11.0.1 and cron-parser 5.10.5 as oracles: where the three say the same, nobody has to trust one of them. Where
 * they don't, the case is pinned with all answers, and says why ours is ours.
 */
type Oracle = (expression: string, timezone: string, from: string, count: number) => string[]

const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')

const ours = (expression: string, timezone: string, from: string, count: number, options: CronOptions = {}) => {
  const trigger = cron(expression, { timezone, ...options })
  const found: string[] = []
  for (let at = trigger.next(Date.parse(from)); at !== undefined && found.length < count; at = trigger.next(at))
    found.push(iso(at))
  return found
}

const croner: Oracle = (expression, timezone, from, count) =>
  new Cron(expression, { timezone, paused: true }).nextRuns(count, new Date(from)).map(date => iso(date.getTime()))

const cronParser: Oracle = (expression, tz, from, count) => {
  const iterator = CronExpressionParser.parse(expression, { tz, currentDate: new Date(from) })
  return Array.from({ length: count }, () => iso(iterator.next().getTime()))
}

type Field = (min: number, max: number) => fc.Arbitrary<string>

/** Numbers, ranges and steps that stay within the field. */
const anyField: Field = (min, max) =>
  fc.array(item(min, max), { minLength: 1, maxLength: 3 }).map(items => items.join(','))

/** The same without a value named twice, which cron-parser refuses. */
const plainField: Field = (min, max) =>
  fc.oneof(item(min, max), fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map(String))

function item(min: number, max: number): fc.Arbitrary<string> {
  const number = fc.integer({ min, max })
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`)
  return fc.oneof(
    number.map(String),
    range,
    fc.tuple(range, fc.integer({ min: 1, max: 5 })).map(([ends, step]) => `${ends}/${step}`)
  )
}

/** Expressions that all three read alike. */
function expressionsOf(field: Field): fc.Arbitrary<string> {
  const all = fc.constant('*')
  const stepped = (max: number) => fc.integer({ min: 2, max }).map(step => `*/${step}`)
  const second = fc.option(field(0, 59), { nil: undefined })
  const minute = fc.oneof(all, stepped(30), field(0, 59))
  const hour = fc.oneof(all, stepped(12), field(0, 23))
  const days = fc.oneof(
    fc.tuple(field(1, 28), fc.oneof(all, field(1, 12)), fc.oneof(all, field(0, 6))),
    fc.tuple(
      all,
      fc.oneof(all, field(1, 12)),
      fc.oneof(all, field(0, 6), fc.constantFrom('fri#2', '0L', '3#5', 'mon-thu'))
    ),
    fc.tuple(fc.constantFrom('L', '31'), all, all)
  )
  return fc.tuple(second, minute, hour, days).map(parts => parts.flat().filter(Boolean).join(' '))
}

const instants = fc
  .integer({ min: Date.UTC(2001, 0, 1) / 1000, max: Date.UTC(2036, 0, 1) / 1000 })
  .map(second => iso(second * 1000))

describe(`random expressions in UTC (seed ${seed})`, () => {
  test.each<[string, Oracle, Field]>([
    ['croner', croner, anyField],
    ['cron-parser', cronParser, plainField]
  ])('%s says the same', (_, oracle, field) => {
    fc.assert(
      fc.property(expressionsOf(field), instants, (expression, from) => {
        expect(ours(expression, 'UTC', from, 4), `${expression} from ${from}`).toEqual(
          oracle(expression, 'UTC', from, 4)
        )
      }),
      { seed, numRuns: 250 }
    )
  })
})

const zones = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Havana'
]

describe(`croner over the changes of 2026 (seed ${seed})`, () => {
  const everyDay = fc
    .tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }))
    .map(([minute, hour]) => `${minute} ${hour} * * *`)
  const wildcards = fc.constantFrom('*/15 * * * *', '0 * * * *', '20 * * * *', '30 */2 * * *', '*/30 */3 * * *')

  test('a fixed time under the default rules, from every day of the year on', () => {
    fc.assert(
      fc.property(everyDay, fc.constantFrom(...zones), (expression, zone) => {
        expect(ours(expression, zone, '2026-01-01T12:00:00Z', 365)).toEqual(
          croner(expression, zone, '2026-01-01T12:00:00Z', 365)
        )
      }),
      { seed, numRuns: 12 }
    )
  })

  test('an entry that follows real time', () => {
    const days = zones.flatMap(zone => changesOf2026(zone).map(at => [zone, at] as const))
    expect(days.length).toBe(2 * zones.length)
    fc.assert(
      fc.property(wildcards, fc.constantFrom(...days), (expression, [zone, at]) => {
        const from = iso(at - 6 * 3_600_000)
        expect(ours(expression, zone, from, 40)).toEqual(croner(expression, zone, from, 40))
      }),
      { seed, numRuns: 40 }
    )
  })
})

/** Where the hour between two half hours is not an hour long on the wall. */
function changesOf2026(timezone: string): number[] {
  const trigger = cron('* * * * *', { timezone })
  const day = 86_400_000
  const offsetAt = (ms: number) => trigger.explain(ms).offset
  return Array.from({ length: 364 }, (_, index) => Date.UTC(2026, 0, 1) + index * day).filter(
    at => offsetAt(at) !== offsetAt(at + day)
  )
}

describe('where they differ', () => {
  const newYork = 'America/New_York'
  const spring = '2026-03-08T05:00:00Z'
  const autumn = '2026-11-01T05:00:00Z'

  test('a fixed time in the gap: cron-parser shifts it, which is our dst.gap "shift"', () => {
    expect(ours('30 2 * * *', newYork, spring, 1)).toEqual(['2026-03-08T07:00:00Z'])
    expect(croner('30 2 * * *', newYork, spring, 1)).toEqual(['2026-03-08T07:00:00Z'])
    expect(cronParser('30 2 * * *', newYork, spring, 1)).toEqual(['2026-03-08T07:30:00Z'])
    expect(ours('30 2 * * *', newYork, spring, 1, { dst: { gap: 'shift' } })).toEqual(['2026-03-08T07:30:00Z'])
  })

  test('a list of hours in an overlap: croner runs it in both passes; for us it names local times, each once', () => {
    expect(ours('30 1,2 * * *', newYork, autumn, 2)).toEqual(['2026-11-01T05:30:00Z', '2026-11-01T07:30:00Z'])
    expect(cronParser('30 1,2 * * *', newYork, autumn, 2)).toEqual(['2026-11-01T05:30:00Z', '2026-11-01T07:30:00Z'])
    expect(croner('30 1,2 * * *', newYork, autumn, 2)).toEqual(['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'])
    expect(ours('30 1,2 * * *', newYork, autumn, 2, { dst: { overlap: 'both' } })).toEqual([
      '2026-11-01T05:30:00Z',
      '2026-11-01T06:30:00Z'
    ])
  })

  test('every second hour over the gap: cron-parser fires at 03:30, which the entry does not name', () => {
    expect(ours('30 */2 * * *', newYork, spring, 2)).toEqual(['2026-03-08T05:30:00Z', '2026-03-08T08:30:00Z'])
    expect(croner('30 */2 * * *', newYork, spring, 2)).toEqual(['2026-03-08T05:30:00Z', '2026-03-08T08:30:00Z'])
    expect(cronParser('30 */2 * * *', newYork, spring, 2)).toEqual(['2026-03-08T05:30:00Z', '2026-03-08T07:30:00Z'])
  })

  test('backwards over an overlap: cron-parser finds a fire that it does not find forwards', () => {
    const expression = '30 1 * * *'
    const backwards = CronExpressionParser.parse(expression, {
      tz: newYork,
      currentDate: new Date('2026-11-01T12:00:00Z')
    })
    expect([backwards.prev(), backwards.prev()].map(date => iso(date.getTime()))).toEqual([
      '2026-11-01T06:30:00Z',
      '2026-11-01T05:30:00Z'
    ])
    const trigger = cron(expression, { timezone: newYork })
    const last = trigger.previous(Date.parse('2026-11-01T12:00:00Z')) ?? 0
    expect([last, trigger.previous(last) ?? 0].map(iso)).toEqual(['2026-11-01T05:30:00Z', '2026-10-31T05:30:00Z'])
    const [before] = new Cron(expression, { timezone: newYork, paused: true }).previousRuns(
      1,
      new Date('2026-11-01T12:00:00Z')
    )
    expect(before && iso(before.getTime())).toBe('2026-11-01T05:30:00Z')
  })

  test('backwards over a gap: cron-parser loses the day', () => {
    const backwards = CronExpressionParser.parse('30 2 * * *', {
      tz: newYork,
      currentDate: new Date('2026-03-09T00:00:00Z')
    })
    expect(iso(backwards.prev().getTime())).toBe('2026-03-07T07:30:00Z')
    expect(iso(cron('30 2 * * *', { timezone: newYork }).previous(Date.parse('2026-03-09T00:00:00Z')) ?? 0)).toBe(
      '2026-03-08T07:00:00Z'
    )
  })

  test('a stepped * beside a weekday: both take it for restricted (either suffices); we follow Vixie cron, where * at the front is not', () => {
    const [expression, from] = ['0 0 */2 * 1', '2025-12-31T12:00:00Z']
    expect(ours(expression, 'UTC', from, 2)).toEqual(['2026-01-05T00:00:00Z', '2026-01-19T00:00:00Z'])
    for (const oracle of [croner, cronParser]) {
      expect(oracle(expression, 'UTC', from, 3)).toEqual([
        '2026-01-01T00:00:00Z',
        '2026-01-03T00:00:00Z',
        '2026-01-05T00:00:00Z'
      ])
    }
    expect(ours('0 0 1-31/2 * 1', 'UTC', from, 3)).toEqual(croner('0 0 1-31/2 * 1', 'UTC', from, 3))
  })

  test('the weekday nearest to a day: croner agrees, cron-parser does not know it', () => {
    for (const expression of ['0 0 15W * *', '0 0 1W * *', '0 0 31W * *', '0 0 LW * *']) {
      expect(ours(expression, 'UTC', '2025-12-31T12:00:00Z', 24)).toEqual(
        croner(expression, 'UTC', '2025-12-31T12:00:00Z', 24)
      )
      expect(() => cronParser(expression, 'UTC', '2025-12-31T12:00:00Z', 1)).toThrow()
    }
  })

  test('what only we know: days before the last, wrapped ranges', () => {
    for (const expression of ['0 0 L-3 * *', '0 22-2 * * *', '0 0 * * fri-mon']) {
      expect(ours(expression, 'UTC', '2026-01-01T00:00:00Z', 1)).toHaveLength(1)
      expect(() => croner(expression, 'UTC', '2026-01-01T00:00:00Z', 1)).toThrow()
      expect(() => cronParser(expression, 'UTC', '2026-01-01T00:00:00Z', 1)).toThrow()
    }
  })

  test('a value named twice: cron-parser refuses it; it does no harm', () => {
    expect(ours('0,0 0 * * *', 'UTC', '2026-01-01T00:00:00Z', 1)).toEqual(
      croner('0,0 0 * * *', 'UTC', '2026-01-01T00:00:00Z', 1)
    )
    expect(() => cronParser('0,0 0 * * *', 'UTC', '2026-01-01T00:00:00Z', 1)).toThrow('duplicate')
  })

  test('what can never match: croner finds nothing each time it is asked, we refuse it once', () => {
    expect(croner('0 0 31 2 *', 'UTC', '2026-01-01T00:00:00Z', 1)).toEqual([])
    expect(() => ours('0 0 31 2 *', 'UTC', '2026-01-01T00:00:00Z', 1)).toThrow(
      expect.objectContaining({ code: 'cron-impossible' })
    )
  })
})
