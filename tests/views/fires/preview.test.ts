import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { isEscapementError } from '../../../src/core/errors.ts'
import { problemOf } from '../../../src/http/problems.ts'
import { previewOf } from '../../../src/views/fires/preview.ts'

const at = (text: string): number => Date.parse(text)
const request = { afterMs: at('2026-03-07T00:00:00Z'), count: 3, timezone: 'UTC', mayContinue: () => true }
const nightly = { kind: 'cron', expression: '30 2 * * *', timezone: 'America/New_York' }

test('a preview says which fire times stand for a local time that does not exist', () => {
  const { fires, complete } = previewOf(nightly, request)
  expect(complete).toBe(true)
  expect(fires.map(({ local, offset, transition }) => `${local}${offset} ${transition}`)).toEqual([
    '2026-03-07T02:30:00-05:00 null',
    '2026-03-08T03:00:00-04:00 gap',
    '2026-03-09T02:30:00-04:00 null'
  ])
})

test('a preview that takes too long ends, and the rest comes after its last fire time', () => {
  const short = previewOf(nightly, { ...request, count: 50, mayContinue: () => false })
  expect(short.complete).toBe(false)
  const rest = previewOf(nightly, { ...request, afterMs: short.fires.at(-1)!.at, count: 50 - short.fires.length })
  const whole = previewOf(nightly, { ...request, count: 50 })
  expect([...short.fires, ...rest.fires]).toEqual(whole.fires)
})

test('what is no trigger is a fault of the request', () => {
  const odd = fc.record(
    {
      kind: fc.constantFrom('cron', 'interval', 'date', 'anyOf', 'spread', 'calendar-interval', '__proto__'),
      expression: fc.oneof(fc.constantFrom('* * * * *', '0 0 30 2 *'), fc.jsonValue()),
      everyMs: fc.jsonValue(),
      at: fc.jsonValue(),
      start: fc.jsonValue(),
      months: fc.jsonValue(),
      timezone: fc.jsonValue(),
      dst: fc.jsonValue(),
      windowMs: fc.jsonValue(),
      scheduleId: fc.jsonValue(),
      trigger: fc.oneof(fc.constant(nightly), fc.jsonValue()),
      triggers: fc.jsonValue()
    },
    { requiredKeys: ['kind'] }
  )
  fc.assert(
    fc.property(odd, json => {
      try {
        previewOf(JSON.parse(JSON.stringify(json)) as object, request)
      } catch (error) {
        expect(isEscapementError(error), String(error)).toBe(true)
        expect(problemOf(error).status, String(error)).toBe(400)
      }
    }),
    { numRuns: 3_000 }
  )
  expect(() => previewOf(nightly, { ...request, timezone: 'Mars/Olympus' })).toThrow(/Mars/)
})
