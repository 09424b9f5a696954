import { describe, expect, test } from 'vitest'
import * as v from 'valibot'
import { schedule } from '../../../src/core/schedule/declare.ts'
import { task } from '../../../src/core/job/task.ts'
import { anyOf } from '../../../src/core/trigger/any-of.ts'
import { at } from '../../../src/core/trigger/at.ts'
import { calendarInterval } from '../../../src/core/trigger/calendar-interval.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { triggerFromJson } from '../../../src/core/trigger/from-json.ts'

const handler = (): undefined => undefined
const mail = task('mail', { handler })
const trigger = every('1h')
const monthly = { months: 1, time: '09:00', start: '2026-01-01' }

const ofTask = (options: object) => () => task('mail', { handler, ...options })
const ofSchedule = (options: object) => () => schedule('daily', { task: mail, trigger, ...options })

describe('every door refuses names that it does not know, with the nearest that it does', () => {
  test.each<[string, () => unknown, string]>([
    [
      'task',
      () => task('mail', { handlr: handler } as never),
      'The task "mail" has the unknown option "handlr"; did you mean "handler"?'
    ],
    ['task', ofTask({ maxAttempt: 3 }), 'did you mean "maxAttempts"?'],
    ['task', ofTask({ attempts: 3 }), 'did you mean "maxAttempts"?'],
    ['task', ofTask({ backoff: {} }), 'did you mean "retry"?'],
    ['task', ofTask({ payload: {} }), 'unknown option "payload"; did you mean "schema"?'],
    ['task', ofTask({ zzzzzzzz: 1 }), 'known are "handler", "schema"'],
    ['task', ofTask({ constructor: 1 }), 'unknown option "constructor"'],
    ['task', ofTask({ toString: 1 }), 'unknown option "toString"'],
    [
      'schedule',
      ofSchedule({ maxInstance: 1 }),
      'The schedule "daily" has the unknown option "maxInstance"; did you mean "maxInstances"?'
    ],
    ['schedule', ofSchedule({ timezone: 'UTC' }), 'unknown option "timezone"'],
    ['schedule', ofSchedule({ misfireGraceTime: '5m' }), 'did you mean "misfireGrace"?'],
    ['schedule', ofSchedule({ runOnInit: true }), 'did you mean "runAtStart"?'],
    [
      'cron',
      () => cron('0 9 * * *', { tz: 'Europe/Paris' } as never),
      'cron has the unknown option "tz"; did you mean "timezone"?'
    ],
    ['cron', () => cron('0 9 * * *', { timeZone: 'Europe/Paris' } as never), 'did you mean "timezone"?'],
    ['cron, undefined', () => cron('0 9 * * *', { tz: undefined } as never), 'did you mean "timezone"?'],
    ['cron, inherited', () => cron('0 9 * * *', Object.create({ tz: 'UTC' }) as never), 'did you mean "timezone"?'],
    [
      'cron: dst',
      () => cron('0 9 * * *', { dst: { gaps: 'skip' } } as never),
      'dst has the unknown option "gaps"; did you mean "gap"?'
    ],
    [
      'every',
      () => every('5m', { startDate: '2026-01-01T00:00:00Z' } as never),
      'every has the unknown option "startDate"; did you mean "start"?'
    ],
    [
      'at',
      () => (at as (...given: unknown[]) => unknown)('2026-01-01T00:00:00Z', { timezone: 'UTC' }),
      'at has the unknown option "timezone"; it takes none.'
    ],
    ['calendarInterval', () => calendarInterval({ ...monthly, month: 1 } as never), 'did you mean "months"?'],
    ['calendarInterval', () => calendarInterval({ ...monthly, tz: 'UTC' } as never), 'did you mean "timezone"?'],
    [
      'retry',
      ofTask({ retry: { kind: 'exponential', bass: 1 } }),
      'The retry policy of the task "mail" has the unknown option "bass"; did you mean "base"?'
    ],
    ['retry', ofTask({ retry: { kind: 'fixed', delay: 1, jitter: 0.1 } }), 'unknown option "jitter"'],
    [
      'triggerFromJson',
      () => triggerFromJson({ kind: 'interval', everyMs: 1, strat: 'x' } as never),
      'did you mean "start"?'
    ],
    [
      'triggerFromJson',
      () => triggerFromJson({ kind: 'date', at: '2026-01-01T00:00:00Z', tz: 'x' } as never),
      'unknown key "tz"'
    ]
  ])('%s', (_, declare, message) => {
    expect(declare).toThrow(
      expect.objectContaining({ name: 'EscapementError', message: expect.stringContaining(message) })
    )
  })
})

describe('and values of another form', () => {
  test.each<[string, () => unknown, string]>([
    ['no options', () => task('mail', undefined as never), 'has undefined as its options; it takes an object.'],
    ['null', () => cron('0 9 * * *', null as never), 'cron has null as its options'],
    ['a Map', () => every('5m', new Map([['start', 1]]) as never), 'every has an object of Map as its options'],
    ['a list', () => schedule('daily', [mail, trigger] as never), 'has a list as its options'],
    ['a zone alone', () => cron('0 9 * * *', 'Europe/Paris' as never), 'cron has "Europe/Paris" as its options'],
    [
      'a text for a number',
      ofTask({ maxAttempts: '3' }),
      'has maxAttempts "3"; it takes a whole number from 1 to 1000'
    ],
    ['null for a queue', ofTask({ queue: null }), 'has queue null; it takes a text'],
    ['a JSON schema', ofTask({ schema: { type: 'object' } }), 'it takes a Standard Schema'],
    ['a duration in words', ofTask({ timeout: '5 minutes' }), 'The task "mail" has timeout "5 minutes"; it takes'],
    ['and its cure', ofTask({ timeout: '5 minutes' }), 'Write "5m".'],
    ['a time limit in seconds', ofTask({ timeout: 30 }), 'has timeout 30; it takes a whole number of milliseconds'],
    [
      'and its cure',
      ofTask({ timeout: 30 }),
      'a bare number from 100 up. Write "30s" for seconds, or "30ms" for milliseconds.'
    ],
    ['a delivery', ofTask({ delivery: 'exactly-once' }), 'it takes "at-least-once" or "at-most-once"'],
    ['a symbol', ofTask({ priority: Symbol('high') }), 'has priority Symbol(high)'],
    ['a bigint', ofTask({ priority: 1n }), 'has priority 1n'],
    ['a truth that is a text', ofSchedule({ runAtStart: 'yes' }), 'has runAtStart "yes"; it takes true or false'],
    ['a trigger that is a text', ofSchedule({ trigger: '0 9 * * *' }), 'Write cron("0 9 * * *")'],
    ['a trigger that is a duration', ofSchedule({ trigger: '5m' }), 'Write every("5m").'],
    ['triggers in a list', ofSchedule({ trigger: [trigger] }), 'Write anyOf(…)'],
    ['a task by its name', ofSchedule({ task: 'mail' }), 'has task "mail"; it takes what task() returns'],
    ['no task', ofSchedule({ task: undefined }), 'has task undefined; it takes what task() returns'],
    ['a list of triggers', () => anyOf([trigger] as never), 'Write anyOf(...triggers)'],
    ['a cron expression as an interval', () => every('*/5 * * * *'), 'Write cron("*/5 * * * *").'],
    ['a date alone', () => at('2026-03-08'), 'It has no time: write "2026-03-08T00:00Z" for UTC'],
    [
      'an instant without its offset',
      () => at('2026-03-08T09:00'),
      'It has no offset: write "2026-03-08T09:00Z" for UTC'
    ]
  ])('%s', (_, declare, message) => {
    expect(declare).toThrow(
      expect.objectContaining({ name: 'EscapementError', message: expect.stringContaining(message) })
    )
  })
})

describe('what says the same in another way is taken', () => {
  class Defaults {
    timezone = 'Europe/Paris'
  }

  test.each<[string, () => unknown]>([
    ['no prototype', () => cron('0 9 * * *', Object.assign(Object.create(null), { timezone: 'UTC' }) as object)],
    ['an instance of a class', () => cron('0 9 * * *', new Defaults())],
    ['options that are undefined', () => cron('0 9 * * *', { timezone: undefined, start: undefined })],
    ['a symbol as a name', () => cron('0 9 * * *', { [Symbol('mark')]: 1 })],
    ['what is frozen', () => every('5m', Object.freeze({ start: 0 }))],
    ['at() in a map()', () => ['2026-01-01T00:00:00Z'].map(at)]
  ])('%s', (_, declare) => {
    expect(declare).not.toThrow()
  })

  test('a member that somebody gave to all objects', () => {
    const all = Object.prototype as { polluted?: number }
    all.polluted = 1
    try {
      expect(() => cron('0 9 * * *', { timezone: 'UTC' })).not.toThrow()
    } finally {
      delete all.polluted
    }
  })
})

describe('a schedule whose task takes a payload', () => {
  const invoice = task('invoice', { handler, schema: v.object({ month: v.string() }) })

  test('is refused without one', () => {
    // @ts-expect-error -- the type asks for it as well
    expect(() => schedule('bill', { task: invoice, trigger })).toThrow(
      expect.objectContaining({
        code: 'payload-invalid',
        message: expect.stringMatching(
          /^The schedule "bill" has no payload that the schema of its task "invoice" takes: .*Give it one with the option "payload"\.$/
        )
      })
    )
  })

  test('is refused with a wrong one', () => {
    expect(() => schedule('bill', { task: invoice, trigger, payload: { month: 3 } as never })).toThrow(
      expect.objectContaining({
        code: 'payload-invalid',
        message: expect.stringContaining('a payload that the schema')
      })
    )
    expect(schedule('bill', { task: invoice, trigger, payload: { month: 'May' } }).payloadChecked).toBeUndefined()
  })

  test.each([
    ['optional', v.optional(v.string())],
    ['nullable', v.nullable(v.string())],
    ['anything', v.unknown()]
  ])('does without where none is as good: %s', (_, schema) => {
    expect(schedule('bill', { task: task('any', { handler, schema }), trigger }).id).toBe('bill')
  })

  test('tells later what a schema answers later', async () => {
    const later = task('later', {
      handler,
      schema: v.pipeAsync(
        v.string(),
        v.checkAsync(async text => text === 'good')
      )
    })
    await expect(schedule('bill', { task: later, trigger, payload: 'good' }).payloadChecked).resolves.toBeUndefined()
    await expect(schedule('bill', { task: later, trigger, payload: 'bad' }).payloadChecked).rejects.toMatchObject({
      code: 'payload-invalid'
    })
  })
})

test.each([
  ['calendarInterval', () => calendarInterval({ ...monthly, start: '2026-05-01', end: '2026-04-01T00:00:00Z' })],
  ['cron', () => cron('0 0 1 1 *', { start: '2026-02-01T00:00:00Z', end: '2026-03-01T00:00:00Z' })],
  ['every', () => every('1h', { start: '2026-02-01T00:00:00Z', end: '2026-01-01T00:00:00Z' })],
  ['schedule', () => schedule('late', { task: mail, trigger: at('9999-12-31T23:59:59.999Z'), spread: '10w' })]
])('what can never fire is refused: %s', (_, declare) => {
  expect(declare).toThrow(
    expect.objectContaining({ name: 'EscapementError', message: expect.stringMatching(/never|before start/) })
  )
})
