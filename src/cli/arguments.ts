import { InvalidArgumentError } from 'commander'
import { durationMs } from '../core/duration.ts'
import { isEscapementError } from '../core/errors.ts'
import { describe } from '../core/names.ts'
import { instantMs } from '../core/trigger/instant.ts'
import { WrongUse } from './failures.ts'

/** An instant with its offset, such as `2026-03-08T02:30:00Z`, or `now`. */
export function parseInstant(text: string): number {
  if (text === 'now') return Date.now()
  return asArgument(
    () => instantMs('It', text),
    'It takes "now" or an ISO 8601 instant with Z or an offset, such as "2026-03-08T02:30:00Z", from 1970 to 9999.'
  )
}

export function parseDuration(text: string): number {
  return asArgument(
    () => durationMs(/^\d+$/.test(text) ? Number(text) : text),
    'It takes a duration: milliseconds, or a text such as "90s", "5m" or "1h30m"; 1,000 years at the most.'
  )
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return text => {
    const value = /^-?\d+$/.test(text) ? Number(text) : NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`)
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InvalidArgumentError(
      `It takes JSON, such as '{"to":"ann@example.org"}': ${error instanceof Error ? error.message : String(error)}.`
    )
  }
}

/** For an argument that is no option: commander names only those in its error. */
export function parseArgument<T>(name: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new WrongUse(`${name} is ${describe(text)}. ${error.message}`)
    throw error
  }
}

function asArgument<T>(parse: () => T, takes: string): T {
  try {
    return parse()
  } catch (error) {
    if (isEscapementError(error)) throw new InvalidArgumentError(takes)
    throw error
  }
}
