import { expect, test } from 'vitest'
import { durationMs } from '../../../src/core/options/duration.ts'

test.each([
  [0, 0],
  [250, 250],
  ['250ms', 250],
  ['5s', 5000],
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['1.1h', 3_960_000],
  ['2d', 172_800_000],
  ['1w2d3h4m5s6ms', 788_645_006],
  ['0s', 0],
  ['0.5s', 500],
  ['365250d', 31_557_600_000_000]
])('%s is %d ms', (duration, ms) => {
  expect(durationMs(duration)).toBe(ms)
})

test.each([
  -1,
  1.5,
  Number.NaN,
  Infinity,
  2 ** 53,
  31_557_600_000_001,
  '280000w',
  '',
  '5',
  '5 m',
  'm',
  '-5m',
  '5x',
  '5m1h',
  '5m5m',
  '1.2345ms',
  '0.0001s',
  '.5h',
  '5M',
  null,
  undefined,
  {}
])('%s is none', duration => {
  expect(() => durationMs(duration as never, 'leaseTtl')).toThrow(
    expect.objectContaining({
      code: 'duration-invalid',
      message: expect.stringMatching(/^leaseTtl got .*; it takes a whole number of milliseconds .*"1h30m"/)
    })
  )
})
