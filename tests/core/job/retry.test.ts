import { describe, expect, test } from 'vitest'
import { retryDelay, type RetryPolicy } from '../../../src/core/job/retry.ts'
import { DoNotRetry, laterThan, RetryAfter, Snooze } from '../../../src/core/job/steering.ts'

const MIDDLE = 0.5

test('fixed', () => {
  const delay = retryDelay({ kind: 'fixed', delay: '2s' })
  expect([1, 2, 9].map(failures => delay(failures, 0.99))).toEqual([2_000, 2_000, 2_000])
})

test('a list, whose last entry holds from there on', () => {
  const delay = retryDelay(['1s', 5_000, '1m'])
  expect([1, 2, 3, 4, 99].map(failures => delay(failures, MIDDLE))).toEqual([1_000, 5_000, 60_000, 60_000, 60_000])
})

describe('exponential', () => {
  test('is the default: from 1 s, doubling, to 1 h', () => {
    const delay = retryDelay()
    expect([1, 2, 3, 12, 13, 1_000].map(failures => delay(failures, MIDDLE))).toEqual([
      1_000, 2_000, 4_000, 2_048_000, 3_600_000, 3_600_000
    ])
  })

  test('with base, factor and cap of its own', () => {
    const delay = retryDelay({ kind: 'exponential', base: 100, factor: 3, max: '1s' })
    expect([1, 2, 3, 4].map(failures => delay(failures, MIDDLE))).toEqual([100, 300, 900, 1_000])
  })

  test('jitter is a share, up and down', () => {
    const delay = retryDelay({ kind: 'exponential', jitter: 0.2 })
    expect([0, MIDDLE, 1].map(random => delay(1, random))).toEqual([800, 1_000, 1_200])
    expect(retryDelay({ kind: 'exponential', jitter: 0 })(1, 0)).toBe(1_000)
  })
})

test('no policy that is taken gives anything but whole milliseconds, after however many failures', () => {
  const kinds: RetryPolicy[] = [
    { kind: 'exponential', base: 0, factor: 1e200 },
    { kind: 'exponential', base: 0, factor: 2, max: 0 },
    { kind: 'exponential', base: '1000d', factor: Number.MAX_VALUE, max: '365250d', jitter: 1 },
    { kind: 'exponential', base: 1, factor: 1e308, max: 0, jitter: 1 },
    { kind: 'fixed', delay: '365250d' },
    ['0s', '365250d']
  ]
  for (const delay of kinds.map(policy => retryDelay(policy)))
    for (const failures of [1, 2, 3, 10, 999, 1_000])
      for (const random of [0, MIDDLE, 0.999_999, Number.NaN, Infinity, -7]) {
        expect(delay(failures, random)).toSatisfy(ms => Number.isSafeInteger(ms) && (ms as number) >= 0)
      }
})

test.each([
  [[], 'an empty list'],
  [{ kind: 'linear' }, '"linear"'],
  [{ kind: 'exponential', factor: 0.5 }, 'the factor 0.5'],
  [{ kind: 'exponential', factor: Number.NaN }, 'the factor NaN'],
  [{ kind: 'exponential', factor: Infinity }, 'the factor Infinity'],
  [{ kind: 'exponential', jitter: 1.1 }, 'the jitter 1.1'],
  [{ kind: 'exponential', jitter: -0.1 }, 'the jitter -0.1']
])('%j is no policy', (policy, named) => {
  expect(() => retryDelay(policy as never)).toThrow(
    expect.objectContaining({ code: 'task-invalid', message: expect.stringContaining(named) })
  )
})

test('durations in a policy are checked where it is made', () => {
  expect(() => retryDelay({ kind: 'fixed', delay: 'soon' })).toThrow(
    expect.objectContaining({ code: 'duration-invalid' })
  )
  expect(() => retryDelay([-1])).toThrow(expect.objectContaining({ code: 'duration-invalid' }))
})

test('DoNotRetry is an error with a name, a message and a cause', () => {
  const cause = new Error('404')
  expect(new DoNotRetry('No such ship.', { cause })).toMatchObject({
    name: 'DoNotRetry',
    message: 'No such ship.',
    cause
  })
})

test('a function of the error decides: a duration, the default, or no further attempt', () => {
  const seen: unknown[] = []
  const delay = retryDelay((error, failures) => {
    seen.push([error.message, failures])
    if (error.message === 'gone') return false
    return error.message === 'busy' ? '30s' : undefined
  })
  const of = (message: string): number | false => delay(2, MIDDLE, new Error(message))
  expect([of('busy'), of('gone'), of('other')]).toEqual([30_000, false, 2_000])
  expect(seen).toEqual([
    ['busy', 2],
    ['gone', 2],
    ['other', 2]
  ])
  const wrong = retryDelay(() => 'soon', 'The retry policy of the task "load"')
  expect(() => wrong(1, MIDDLE, new Error('x'))).toThrow(
    'The retry policy of the task "load" returned what is no delay: it got "soon"'
  )
})

describe('what a handler throws to steer', () => {
  const now = Date.UTC(2026, 0, 1)

  test('says how much later, or when, but never earlier than now', () => {
    expect(laterThan(now, new RetryAfter('30s').later)).toBe(now + 30_000)
    expect(laterThan(now, new Snooze(250).later)).toBe(now + 250)
    expect(laterThan(now, new Snooze(new Date(now + 5)).later)).toBe(now + 5)
    expect(laterThan(now, new Snooze(new Date(now - 5)).later)).toBe(now)
  })

  test('has the message of its cause', () => {
    const cause = new Error('429 Too Many Requests')
    expect(new RetryAfter('30s', { cause })).toMatchObject({ message: '429 Too Many Requests', cause })
    expect(new RetryAfter('30s').message).toBe('The handler asked to be tried again after 30000 ms.')
    expect(new RetryAfter(new Date(now), { cause: 7 }).message).toBe(
      'The handler asked to be tried again at 2026-01-01T00:00:00.000Z.'
    )
  })

  test.each([['soon'], [-1], [Number.NaN], [undefined], [new Date(Number.NaN)], [new Date(-1)]])(
    'refuses %s',
    later => {
      for (const kind of [RetryAfter, Snooze])
        expect(() => new kind(later as never)).toThrow(expect.objectContaining({ code: 'duration-invalid' }) as Error)
    }
  )
})
