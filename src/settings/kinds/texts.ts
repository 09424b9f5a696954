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

/** Variables of other libraries hold seconds: a bare number below this was probably meant so. */
const LEAST_BARE_MS = 1_000

/** A bare number is milliseconds, as in code. A small one is refused, since it was probably meant as seconds. */
export function parseDurationText(text: string, variable: string): number {
  const isBare = /^\d+$/.test(text)
  const takes = 'a text such as "500ms", "90s" or "1h30m", or whole milliseconds'
  if (isBare && Number(text) > 0 && Number(text) < LEAST_BARE_MS)
    throw invalidSetting(
      variable,
      text,
      `${takes}, from ${LEAST_BARE_MS} up`,
      `Write ${text}s for seconds, or ${text}ms for milliseconds.`
    )
  try {
    return durationMs(isBare ? Number(text) : text)
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
