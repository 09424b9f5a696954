import { InvalidArgumentError } from 'commander'
import { durationMs } from '../core/options/duration.ts'
import { isEscapementError } from '../core/errors.ts'
import { describe } from '../core/options/names.ts'
import { calendarInterval } from '../core/trigger/calendar-interval.ts'
import { parseDay } from '../core/trigger/zone/civil.ts'
import { instantMs } from '../core/trigger/instant.ts'
import { WrongUse } from './failures.ts'

/** An instant with its offset, such as `2026-03-08T02:30:00Z`, or `now`. */
export function parseInstant(text: string): number {
  if (text === 'now') return Date.now()
  return asArgument(
    () => instantMs('It', text),
    error =>
      `It takes "now" or an ISO 8601 instant with Z or an offset, such as "2026-03-08T02:30:00Z", from 1970 to 9999.${cureIn(error)}`
  )
}

/** An instant, or a date alone: its midnight in a zone. */
export type From = number | { readonly day: string }

export function parseFrom(text: string): From {
  return isDay(text) ? { day: text } : parseInstant(text)
}

export const fromMs = (from: From, timezone: string): number =>
  typeof from === 'number' ? from : startOfDay(from.day, timezone)

/** For the end of a range: a date alone includes its whole day in UTC. */
export function parseUntil(text: string): number {
  return isDay(text) ? startOfDay(text, 'UTC') + DAY_MS - 1 : parseInstant(text)
}

const DAY_MS = 86_400_000
const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && parseDay(text) !== undefined

/** The first instant of a local date. */
function startOfDay(day: string, timezone: string): number {
  const at = calendarInterval({ days: 1, time: '00:00', start: day, timezone }).next(-1)
  if (at === undefined) throw new RangeError(`the day ${day} has no beginning in ${timezone}`)
  return at
}

export function parseDuration(text: string): number {
  return asArgument(
    () => durationMs(/^\d+$/.test(text) ? Number(text) : text),
    error =>
      `It takes a duration: milliseconds, or a text such as "90s", "5m" or "1h30m"; at most 1,000 years.${cureIn(error)}`
  )
}

export function wholeNumberArgument(least: number, most: number): (text: string) => number {
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

/** For an argument that is not an option: commander's errors name only options. */
export function parseArgument<T>(name: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new WrongUse(`${name} is ${describe(text)}. ${error.message}`)
    throw error
  }
}

/** The hint at the end of an error message. */
const cureIn = ({ message }: Error): string => {
  const cure = /\. (Write .*|It has no .*)$/.exec(message)?.[1]
  return cure === undefined ? '' : ` ${cure}`
}

function asArgument<T>(parse: () => T, takes: (error: Error) => string): T {
  try {
    return parse()
  } catch (error) {
    if (isEscapementError(error)) throw new InvalidArgumentError(takes(error))
    throw error
  }
}
