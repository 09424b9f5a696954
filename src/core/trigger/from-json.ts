import { EscapementError } from '../errors.ts'
import { anyOf } from './any-of.ts'
import { at } from './at.ts'
import { calendarInterval } from './calendar-interval.ts'
import { cron } from './cron.ts'
import { every } from './every.ts'
import { spread } from './spread.ts'
import type { Trigger, TriggerJson } from './trigger.ts'

/**
 * The trigger that a JSON value describes: the inverse of `toJSON`. Throws what the trigger's own function throws, and
 * `trigger-invalid` for a value of no known kind.
 */
export function triggerFromJson(json: TriggerJson): Trigger {
  switch (json?.kind) {
    case 'cron':
      return cron(json.expression, json)
    case 'interval':
      return every(json.everyMs, json)
    case 'date':
      return at(json.at)
    case 'calendar-interval':
      return calendarInterval(json)
    case 'anyOf':
      return anyOf(...listOf(json.triggers).map(triggerFromJson))
    case 'spread':
      return spread(triggerFromJson(json.trigger), json.scheduleId, json.windowMs)
    default: {
      const kinds = 'cron, interval, date, calendar-interval, anyOf, spread'
      throw new EscapementError(
        'trigger-invalid',
        `A trigger got ${shown(json)}; it takes an object whose kind is one of ${kinds}.`
      )
    }
  }
}

function listOf(triggers: TriggerJson[]): TriggerJson[] {
  if (Array.isArray(triggers)) return triggers
  throw new EscapementError('trigger-invalid', `anyOf: triggers got ${shown(triggers)}; it takes a list of triggers.`)
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 200)
}
