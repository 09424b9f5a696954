import { durationCure, durationMs } from '../core/duration.ts'
import { EscapementError, isEscapementError } from '../core/errors.ts'
import type { Coalesce } from '../core/schedule.ts'
import { zoneCure } from '../core/trigger/zone-cure.ts'
import { invalidSetting } from './invalid.ts'
import { type Settings, type Topology, topologies } from './settings.ts'
import { isTimezone, TIMEZONE_TAKES } from './timezone.ts'

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false
}

export function parseBoolean(text: string, variable: string): boolean {
  const lower = text.toLowerCase()
  const value = Object.hasOwn(booleans, lower) ? booleans[lower] : undefined
  if (value === undefined) throw invalidSetting(variable, text, 'true or false (also yes, no, on, off, 1, 0)')
  return value
}

export function parseTimezone(text: string, variable: string): string {
  if (!isTimezone(text)) throw invalidSetting(variable, text, TIMEZONE_TAKES, zoneCure(text))
  return text
}

/** APScheduler's `true` (one run for all that was missed) and `false` (each of them) are understood. */
export function parseCoalesce(text: string, variable: string): Coalesce {
  const lower = text.toLowerCase()
  if (lower === 'latest' || lower === 'earliest' || lower === 'all') return lower
  if (Object.hasOwn(booleans, lower)) return booleans[lower] ? 'latest' : 'all'
  throw invalidSetting(variable, text, '"latest", "earliest" or "all" (true is read as "latest", false as "all")')
}

/** A bare number is seconds here, as APScheduler's users have it in their environments; in code it is milliseconds. */
export function parseSeconds(text: string, variable: string): number {
  const takes = 'whole seconds, or a text such as "90s", "5m" or "1h30m"'
  try {
    return durationMs(/^\d+$/.test(text) ? Number(text) * 1000 : text)
  } catch (error) {
    if (isEscapementError(error, 'duration-invalid')) throw invalidSetting(variable, text, takes, durationCure(text))
    throw error
  }
}

export function parseLogLevel(text: string, variable: string): Settings['logLevel'] {
  const levels: readonly Settings['logLevel'][] = ['debug', 'info', 'warn', 'error', 'silent']
  const level = levels.find(each => each === text.toLowerCase())
  if (level === undefined) throw invalidSetting(variable, text, levels.map(each => `"${each}"`).join(', '))
  return level
}

/** Where our own lines go. */
export type LogStream = 'stdout' | 'stderr'

export function parseLogStream(text: string, variable: string): LogStream {
  const stream = (['stdout', 'stderr'] as const).find(each => each === text.toLowerCase())
  if (stream === undefined) throw invalidSetting(variable, text, '"stdout" or "stderr"')
  return stream
}

export function wholeNumber(least: number, most: number): (text: string, variable: string) => number {
  return (text, variable) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value
    throw invalidSetting(variable, text, `a whole number from ${least} to ${most}`)
  }
}

export function parseTopology(text: string, variable: string): Topology {
  const topology = topologies.find(each => each === text.toLowerCase())
  if (topology === undefined) throw invalidSetting(variable, text, topologies.map(each => `"${each}"`).join(', '))
  return topology
}

const SHORTEST_TOKEN = 16

/** An error never repeats it. */
export function parseToken(text: string, variable: string): string {
  if (text.length >= SHORTEST_TOKEN && /^[\x21-\x7e]+$/.test(text)) return text
  throw new EscapementError(
    'config-invalid',
    `${variable} has ${text.length} characters; it takes at least ${SHORTEST_TOKEN}, of ASCII and without blanks.`
  )
}
