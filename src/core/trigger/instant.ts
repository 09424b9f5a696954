import { EscapementError } from '../errors.ts'
import { describe, isDate } from '../options/names.ts'
import { formatDay, formatTime, parseDay, parseTime, secondsPerDay } from './zone/civil.ts'

/** Epoch milliseconds, an ISO 8601 text with `Z` or an offset, or a Date. */
export type Instant = number | string | Date

/** 1970-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z: no trigger fires outside of this range. */
export const firstInstantMs = 0
export const lastInstantMs = 253_402_300_799_999

const form = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/

/**
 * Epoch milliseconds of an instant from 1970 to 9999. `name` begins the error message.
 *
 * @throws EscapementError `trigger-invalid`
 */
export function instantMs(name: string, instant: Instant): number {
  const ms =
    typeof instant === 'number'
      ? instant
      : typeof instant === 'string'
        ? parseInstant(instant)
        : typeof instant?.getTime === 'function'
          ? instant.getTime()
          : undefined
  if (ms === undefined || !Number.isInteger(ms) || ms < firstInstantMs || ms > lastInstantMs) {
    const takes =
      'a Date, whole epoch milliseconds, or an ISO 8601 text with Z or an offset such as "2026-03-08T02:30:00+01:00", from 1970 to 9999'
    const cure = instantCure(instant)
    throw new EscapementError(
      'trigger-invalid',
      `${name} got ${shown(instant)}; it takes ${takes}.${cure === undefined ? '' : ` ${cure}`}`
    )
  }
  return ms
}

/** Whether it can be written as an instant: whole epoch milliseconds from 1970 to 9999. */
export const isInstant = (ms: number): boolean => Number.isInteger(ms) && ms >= firstInstantMs && ms <= lastInstantMs

/** ISO 8601 in UTC, always with milliseconds. A number that is not an instant is shown as it is. */
export function isoOf(ms: number): string {
  if (!isInstant(ms)) return `${ms} ms`
  return ms % 1000 === 0 ? formatInstant(ms).replace('Z', '.000Z') : formatInstant(ms)
}

/** ISO 8601 in UTC, with milliseconds only if there are any. */
export function formatInstant(ms: number): string {
  const day = Math.floor(ms / 1000 / secondsPerDay)
  const inDay = ms - day * secondsPerDay * 1000
  const fraction = inDay % 1000 === 0 ? '' : `.${String(inDay % 1000).padStart(3, '0')}`
  return `${formatDay(day)}T${formatTime(Math.floor(inDay / 1000))}${fraction}Z`
}

function parseInstant(text: string): number | undefined {
  const parts = form.exec(text)
  if (!parts) return undefined
  const day = parseDay(parts[1] ?? '')
  const second = parseTime(parts[2] ?? '')
  if (day === undefined || second === undefined || Number(parts[5] ?? 0) > 23 || Number(parts[6] ?? 0) > 59)
    return undefined
  const ms = Number((parts[3] ?? '').padEnd(3, '0').slice(0, 3))
  const offset = (parts[4] === '-' ? -60 : 60) * (Number(parts[5] ?? 0) * 60 + Number(parts[6] ?? 0))
  return (day * secondsPerDay + second - offset) * 1000 + ms
}

/** What a text that is not an instant most likely meant. */
function instantCure(given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined
  const [, day = '', time = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?$/.exec(given.trim()) ?? []
  if (day === '' || parseDay(day) === undefined) return undefined
  const from = time === '' ? 'It has no time' : 'It has no offset'
  const at = `${day}T${time === '' ? '00:00' : time}`
  return `${from}: write "${at}Z" for UTC, or with the offset of its zone, such as "${at}+01:00".`
}

function shown(value: unknown): string {
  return isDate(value) ? String(value) : describe(value)
}
