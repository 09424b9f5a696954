import { wholeMilliseconds } from './duration-text.ts'
import { EscapementError } from '../errors.ts'
import { meantDuration } from './meant-duration.ts'
import { describe } from './names.ts'

/** A duration: a number of milliseconds, or a text such as `"250ms"`, `"5m"`, `"1h30m"`, `"1.5d"`. */
export type Duration = number | string

export const DURATION_TAKES =
  'a whole number of milliseconds from 0 up, or a text such as "250ms", "5m" or "1h30m" (units w, d, h, m, s, ms), at most 1,000 years'

/**
 * Converts a duration to whole milliseconds, from 0 to 1,000 years. The units are w, d, h, m, s, ms, from the largest
 * to the smallest, each at most once. A day is 24 hours. `name` begins the error message.
 *
 * @throws EscapementError `duration-invalid`
 */
export function durationMs(duration: Duration, name = 'The duration'): number {
  const ms = wholeMilliseconds(duration)
  if (ms !== undefined) return ms
  const cure = durationCure(duration)
  const sentence = `${name} got ${describe(duration)}; it takes ${DURATION_TAKES}.`
  throw new EscapementError('duration-invalid', cure === undefined ? sentence : `${sentence} ${cure}`)
}

export const isDuration = (value: unknown): value is Duration => wholeMilliseconds(value) !== undefined

/** What a value that is not a duration most likely meant. */
export function durationCure(value: unknown): string | undefined {
  const meant = meantDuration(value)
  return meant === undefined ? undefined : `Write ${meant}.`
}
