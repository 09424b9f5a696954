import { durationCure, durationMs } from '../../core/options/duration.ts'
import { EscapementError, isEscapementError } from '../../core/errors.ts'
import type { Coalesce } from '../../core/schedule/schedule.ts'
import { invalidSetting } from './invalid.ts'

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

/** Also takes APScheduler's `true` (one run for all that were missed) and `false` (each of them). */
export function parseCoalesce(text: string, variable: string): Coalesce {
  const lower = text.toLowerCase()
  if (lower === 'latest' || lower === 'earliest' || lower === 'all') return lower
  if (Object.hasOwn(booleans, lower)) return booleans[lower] ? 'latest' : 'all'
  throw invalidSetting(variable, text, '"latest", "earliest" or "all" (true is read as "latest", false as "all")')
}

/** A bare number is seconds, as in the environments of APScheduler's users; in code it is milliseconds. */
export function parseSeconds(text: string, variable: string): number {
  const takes = 'whole seconds, or a text such as "90s", "5m" or "1h30m"'
  try {
    return durationMs(/^\d+$/.test(text) ? Number(text) * 1000 : text)
  } catch (error) {
    if (isEscapementError(error, 'duration-invalid')) throw invalidSetting(variable, text, takes, durationCure(text))
    throw error
  }
}

export function parseWholeNumber(
  text: string,
  variable: string,
  { least, most }: { readonly least: number; readonly most: number }
): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw invalidSetting(variable, text, `a whole number from ${least} to ${most}`, serviceLinkCure(text, variable))
}

/** Kubernetes tells every pod where the services of its namespace are, in variables named after them. */
function serviceLinkCure(text: string, variable: string): string | undefined {
  if (!/^(tcp|udp|sctp):\/\//.test(text)) return undefined
  const service = variable
    .replace(/_PORT$/, '')
    .toLowerCase()
    .replaceAll('_', '-')
  return `Kubernetes sets it for a service named "${service}": set enableServiceLinks: false in the pod's spec, or ${variable} itself.`
}

export function parseChoice<T extends string>(text: string, variable: string, choices: readonly T[]): T {
  const chosen = choices.find(each => each === text.toLowerCase())
  if (chosen !== undefined) return chosen
  throw invalidSetting(variable, text, choices.map(each => `"${each}"`).join(choices.length === 2 ? ' or ' : ', '))
}

const MIN_TOKEN_LENGTH = 16

/** Errors never repeat the token. */
export function parseToken(text: string, variable: string): string {
  if (text.length >= MIN_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(text)) return text
  throw new EscapementError(
    'config-invalid',
    `${variable} has ${text.length} characters; it takes at least ${MIN_TOKEN_LENGTH}, of ASCII and without blanks.`
  )
}
