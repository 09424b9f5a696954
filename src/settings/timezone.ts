import { EscapementError } from '../core/errors.ts'
import { zoneOf } from '../core/trigger/zone.ts'

export const TIMEZONE_TAKES = 'an IANA time zone that this Node knows, such as "UTC" or "Europe/Paris"'

export function isTimezone(name: string): boolean {
  try {
    zoneOf(name)
    return true
  } catch (error) {
    if (error instanceof EscapementError) return false
    throw error
  }
}
