import { EscapementError } from '../../core/errors.ts'
import { zoneCure } from '../../core/trigger/zone/zone-cure.ts'
import { zoneOf } from '../../core/trigger/zone/zone.ts'
import { invalidSetting } from './invalid.ts'
import type { Kind } from './kind.ts'

const TAKES = 'an IANA time zone that this Node knows, such as "UTC" or "Europe/Paris"'

export const timezone: Kind<string> = {
  takes: TAKES,
  textTakes: 'an IANA time zone, such as Europe/Paris',
  isTaken: value => typeof value === 'string' && isTimezone(value),
  fromCode: name => name,
  fromText: (name, setting) => {
    if (!isTimezone(name)) throw invalidSetting(setting, name, TAKES, zoneCure(name))
    return name
  },
  unit: '',
  cure: zoneCure
}

function isTimezone(name: string): boolean {
  try {
    zoneOf(name)
    return true
  } catch (error) {
    if (error instanceof EscapementError) return false
    throw error
  }
}
