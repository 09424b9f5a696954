import { durationMs } from '../core/duration.ts'
import { isEscapementError } from '../core/errors.ts'
import type { Coalesce } from '../core/schedule.ts'
import { invalidSetting } from './invalid.ts'
import { parseRoles } from './roles.ts'
import type { Role, Settings } from './settings.ts'
import { isTimezone, TIMEZONE_TAKES } from './timezone.ts'

/** What the environment says, read and checked. A variable that is empty or blank counts as not set. */
export interface EnvironmentSettings {
  readonly database: { readonly url: string; readonly variable: string } | undefined
  readonly enableScheduler: boolean | undefined
  readonly roles: readonly Role[] | undefined
  readonly timezone: string | undefined
  readonly coalesce: Coalesce | undefined
  readonly maxInstances: number | undefined
  readonly misfireGraceMs: number | undefined
  readonly release: number | undefined
  readonly logLevel: Settings['logLevel'] | undefined
  readonly concurrency: number | undefined
}

/** Every variable that is read. */
export function readEnvironment(env: NodeJS.ProcessEnv): EnvironmentSettings {
  const read = <T>(variable: string, parse: (text: string, variable: string) => T): T | undefined => {
    const text = env[variable]?.trim()
    return text === undefined || text === '' ? undefined : parse(text, variable)
  }
  const database = (text: string, variable: string): { url: string; variable: string } => ({ url: text, variable })
  return {
    database: read('ESCAPEMENT_DATABASE_URL', database) ?? read('DATABASE_URL', database),
    enableScheduler: read('ENABLE_SCHEDULER', parseBoolean),
    roles: read('ESCAPEMENT_ROLES', parseRoles),
    timezone: read('SCHEDULER_TIMEZONE', parseTimezone),
    coalesce: read('SCHEDULER_COALESCE', parseCoalesce),
    maxInstances: read('SCHEDULER_MAX_INSTANCES', wholeNumber(1, 10_000)),
    misfireGraceMs: read('SCHEDULER_MISFIRE_GRACE_TIME', parseGrace),
    release: read('ESCAPEMENT_RELEASE', wholeNumber(0, Number.MAX_SAFE_INTEGER)),
    logLevel: read('ESCAPEMENT_LOG_LEVEL', parseLogLevel),
    concurrency: read('WORKER_CONCURRENCY', wholeNumber(1, 10_000))
  }
}

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

function parseBoolean(text: string, variable: string): boolean {
  const lower = text.toLowerCase()
  const value = Object.hasOwn(booleans, lower) ? booleans[lower] : undefined
  if (value === undefined) throw invalidSetting(variable, text, 'true or false (also yes, no, on, off, 1, 0)')
  return value
}

function parseTimezone(text: string, variable: string): string {
  if (!isTimezone(text)) throw invalidSetting(variable, text, TIMEZONE_TAKES)
  return text
}

/** APScheduler's `true` (one run for all that was missed) and `false` (each of them) are understood. */
function parseCoalesce(text: string, variable: string): Coalesce {
  const lower = text.toLowerCase()
  if (lower === 'latest' || lower === 'earliest' || lower === 'all') return lower
  if (Object.hasOwn(booleans, lower)) return booleans[lower] ? 'latest' : 'all'
  throw invalidSetting(variable, text, '"latest", "earliest" or "all" (true is read as "latest", false as "all")')
}

/** A bare number is seconds here, as APScheduler's users have it in their environments; in code it is milliseconds. */
function parseGrace(text: string, variable: string): number {
  const takes = 'whole seconds, or a text such as "90s", "5m" or "1h30m"'
  try {
    return durationMs(/^\d+$/.test(text) ? Number(text) * 1000 : text)
  } catch (error) {
    if (isEscapementError(error, 'duration-invalid')) throw invalidSetting(variable, text, takes)
    throw error
  }
}

function parseLogLevel(text: string, variable: string): Settings['logLevel'] {
  const levels: readonly Settings['logLevel'][] = ['debug', 'info', 'warn', 'error', 'silent']
  const level = levels.find(each => each === text.toLowerCase())
  if (level === undefined) throw invalidSetting(variable, text, levels.map(each => `"${each}"`).join(', '))
  return level
}

function wholeNumber(least: number, most: number): (text: string, variable: string) => number {
  return (text, variable) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value
    throw invalidSetting(variable, text, `a whole number from ${least} to ${most}`)
  }
}
