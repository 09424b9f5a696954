import { expect, test } from 'vitest'
import { ManualClock } from 'escapement/testing'

const START = Date.UTC(2026, 5, 1)

test.each([
  ['a Date', new Date(START)],
  ['an ISO text', '2026-06-01T02:00:00+02:00'],
  ['milliseconds', START]
])('a clock begins at and is set to %s', (_, instant) => {
  expect(new ManualClock(instant).now()).toBe(START)
  const clock = new ManualClock()
  clock.set(instant)
  expect(clock.now()).toBe(START)
})

test('what is no instant is refused', () => {
  expect(() => new ManualClock('yesterday')).toThrow('ManualClock got "yesterday"; it takes a Date')
  expect(() => new ManualClock().set('2026-06-01')).toThrow('write "2026-06-01T00:00Z" for UTC')
})
