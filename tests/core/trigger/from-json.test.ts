import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyOf } from '../../../src/core/trigger/any-of.ts'
import { at } from '../../../src/core/trigger/at.ts'
import { calendarInterval } from '../../../src/core/trigger/calendar-interval.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { triggerFromJson } from '../../../src/core/trigger/from-json.ts'
import { spread } from '../../../src/core/trigger/spread.ts'
import type { Trigger } from '../../../src/core/trigger/trigger.ts'
import { seed } from './seed.ts'

const bounds = { start: '2026-01-01T00:00:00Z', end: Date.UTC(2027, 0, 1) + 5 }
const triggers: [string, Trigger, object][] = [
  [
    'cron',
    cron(' 30 2 * * mon '),
    {
      kind: 'cron',
      expression: '30 2 * * mon',
      dst: { gap: 'transition', overlap: 'first' },
      days: 'or'
    }
  ],
  [
    'cron with options',
    cron('@daily', { timezone: 'America/New_York', dst: { gap: 'shift', overlap: 'both' }, days: 'and', ...bounds }),
    {
      kind: 'cron',
      expression: '@daily',
      timezone: 'America/New_York',
      dst: { gap: 'shift', overlap: 'both' },
      days: 'and',
      start: '2026-01-01T00:00:00Z',
      end: '2027-01-01T00:00:00.005Z'
    }
  ],
  ['every', every('90m'), { kind: 'interval', everyMs: 5_400_000 }],
  [
    'every with bounds',
    every(1500, bounds),
    { kind: 'interval', everyMs: 1500, start: '2026-01-01T00:00:00Z', end: '2027-01-01T00:00:00.005Z' }
  ],
  ['at', at('2026-05-01T12:00:00.25+02:00'), { kind: 'date', at: '2026-05-01T10:00:00.250Z' }],
  [
    'calendarInterval',
    calendarInterval({
      months: 1,
      time: '02:30',
      timezone: 'Europe/Berlin',
      start: '2026-01-31',
      monthDay: 'skip',
      dst: { overlap: 'last' },
      end: bounds.end
    }),
    {
      kind: 'calendar-interval',
      years: 0,
      months: 1,
      weeks: 0,
      days: 0,
      time: '02:30:00',
      timezone: 'Europe/Berlin',
      start: '2026-01-31',
      monthDay: 'skip',
      dst: { gap: 'transition', overlap: 'last' },
      end: '2027-01-01T00:00:00.005Z'
    }
  ],
  [
    'anyOf',
    anyOf(every(5), at(7)),
    {
      kind: 'anyOf',
      triggers: [
        { kind: 'interval', everyMs: 5 },
        { kind: 'date', at: '1970-01-01T00:00:00.007Z' }
      ]
    }
  ],
  [
    'spread',
    spread(every('1h'), 'ships', '10m'),
    { kind: 'spread', trigger: { kind: 'interval', everyMs: 3_600_000 }, scheduleId: 'ships', windowMs: 600_000 }
  ]
]

describe('a trigger goes to JSON and back', () => {
  test.each(triggers)('%s', (_, trigger, json) => {
    const text = JSON.stringify(trigger)
    expect(JSON.parse(text)).toEqual(json)
    expect(text).toBe(JSON.stringify(json))
    const again = triggerFromJson(JSON.parse(text))
    expect(JSON.stringify(again)).toBe(text)
    let [one, other] = [trigger.next(0), again.next(0)]
    for (let count = 0; count < 30; count += 1) {
      expect(other).toBe(one)
      if (one === undefined) break
      ;[one, other] = [trigger.next(one), again.next(one)]
    }
  })

  test(`in every combination (seed ${seed})`, () => {
    const simple = fc.constantFrom(...triggers.map(([, trigger]) => trigger))
    const { tree } = fc.letrec<{ tree: Trigger }>(tie => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        simple,
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(parts => anyOf(...parts)),
        fc
          .tuple(tie('tree'), fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 1e9 }))
          .map(([trigger, id, window]) => spread(trigger, id, window))
      )
    }))
    fc.assert(
      fc.property(tree, fc.integer({ min: 0, max: 2e12 }), (trigger, from) => {
        const again = triggerFromJson(JSON.parse(JSON.stringify(trigger)))
        expect(again.toJSON()).toEqual(trigger.toJSON())
        expect([again.next(from), again.previous(from)]).toEqual([trigger.next(from), trigger.previous(from)])
      }),
      { seed, numRuns: 150 }
    )
  })
})

describe('what is no trigger is refused', () => {
  test.each<[unknown, string, string]>([
    [undefined, 'trigger-invalid', 'A trigger got undefined; it takes an object whose kind is one of cron'],
    [null, 'trigger-invalid', 'A trigger got null'],
    ['* * * * *', 'trigger-invalid', 'A trigger got "* * * * *"'],
    [{ kind: 'rrule' }, 'trigger-invalid', '{"kind":"rrule"}'],
    [{ kind: 'anyOf' }, 'trigger-invalid', 'anyOf: triggers got undefined'],
    [{ kind: 'anyOf', triggers: [] }, 'trigger-invalid', 'anyOf got no trigger'],
    [{ kind: 'spread', scheduleId: 'a', windowMs: 5 }, 'trigger-invalid', 'A trigger got undefined'],
    [{ kind: 'cron' }, 'cron-invalid', 'undefined'],
    [{ kind: 'cron', expression: '* * * * *', timezone: 7 }, 'timezone-invalid', 'timezone got 7'],
    [{ kind: 'interval' }, 'duration-invalid', 'every: the interval got undefined'],
    [{ kind: 'date' }, 'trigger-invalid', 'at got undefined'],
    [{ kind: 'calendar-interval', days: 1 }, 'trigger-invalid', 'start got undefined']
  ])('%j', (json, code, message) => {
    expect(() => triggerFromJson(json as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) })
    )
  })
})
