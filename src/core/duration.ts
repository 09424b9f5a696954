import { EscapementError } from './errors.ts'

const unitMs: Record<string, number> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
const form = /^(?:\d+(?:\.\d+)?(?:ms|w|d|h|m|s))+$/
const part = /(\d+(?:\.\d+)?)(ms|w|d|h|m|s)/g

/** 1,000 years: what is added to an instant of these days stays far within year 9999, the last that instants are written in. */
export const LONGEST_DURATION_MS = 365_250 * 86_400_000

/** A duration as users write it: a number of milliseconds, or a text such as `"250ms"`, `"5m"`, `"1h30m"`, `"1.5d"`. */
export type Duration = number | string

/**
 * Milliseconds, a whole number from 0 to 1,000 years of them. Units are w, d, h, m, s, ms, from the largest to the smallest, each at
 * most once; a day is 24 hours. `name` is what the error speaks of. Throws `duration-invalid`.
 */
export function durationMs(duration: Duration, name = 'The duration'): number {
  const ms = typeof duration === 'number' ? duration : parse(duration)
  if (ms !== undefined && Number.isSafeInteger(ms) && ms >= 0 && ms <= LONGEST_DURATION_MS) return ms
  const got = typeof duration === 'string' ? JSON.stringify(duration) : String(duration)
  const takes = 'a whole number of milliseconds from 0 up, or a text such as "250ms", "5m" or "1h30m"'
  throw new EscapementError(
    'duration-invalid',
    `${name} got ${got}; it takes ${takes} (units w, d, h, m, s, ms), and 1,000 years at the most.`
  )
}

function parse(text: unknown): number | undefined {
  if (typeof text !== 'string' || !form.test(text)) return undefined
  let sum = 0
  let smallest = Infinity
  for (const [, amount, unit = ''] of text.matchAll(part)) {
    const each = unitMs[unit] ?? 0
    if (each >= smallest) return undefined
    smallest = each
    sum += Number(amount) * each
  }
  // 1.1 h is 3 960 000.0000000005 ms in binary floating point; a real fraction of a millisecond stays one.
  return Math.abs(sum - Math.round(sum)) < 1e-6 ? Math.round(sum) : sum
}
