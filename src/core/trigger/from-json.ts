import { EscapementError } from '../errors.ts'
import { describe } from '../options/names.ts'
import { didYouMean } from '../options/nearest.ts'
import { anyOf } from './any-of.ts'
import { at } from './at.ts'
import { calendarInterval } from './calendar-interval.ts'
import { cron } from './cron/cron.ts'
import { every } from './every.ts'
import { spread } from './spread.ts'
import type { Trigger, TriggerJson } from './trigger.ts'

/**
 * The trigger that a JSON value describes: the inverse of `toJSON`.
 *
 * @throws EscapementError `trigger-invalid` for an unknown kind, and what the trigger's own function throws
 *
 * @example
 * ```ts
 * const stored = JSON.stringify(every('5m'))
 * const trigger = triggerFromJson(JSON.parse(stored))
 * ```
 */
export const triggerFromJson = (json: TriggerJson): Trigger => triggerWith(json, triggerFromJson)

/** The same; `innerOf` gives the triggers that the JSON value contains. */
export function triggerWith(json: TriggerJson, innerOf: (inner: TriggerJson) => Trigger): Trigger {
  switch (json?.kind) {
    case 'cron':
      return cron(json.expression, optionsIn(json, 'kind', 'expression'))
    case 'interval':
      return every(json.everyMs, optionsIn(json, 'kind', 'everyMs'))
    case 'date':
      assertNoMore(json, ['kind', 'at'])
      return at(json.at)
    case 'calendar-interval':
      return calendarInterval(optionsIn(json, 'kind'))
    case 'anyOf':
      assertNoMore(json, ['kind', 'triggers'])
      return anyOf(...listOf(json.triggers).map(each => innerOf(each)))
    case 'spread':
      assertNoMore(json, ['kind', 'trigger', 'scheduleId', 'windowMs'])
      return spread(innerOf(json.trigger), json.scheduleId, json.windowMs)
    default: {
      const kinds = 'cron, interval, date, calendar-interval, anyOf, spread'
      throw new EscapementError(
        'trigger-invalid',
        `A trigger got ${shown(json)}; it takes an object whose kind is one of ${kinds}.`
      )
    }
  }
}

/** The options in a trigger's JSON: without its kind, and without the other arguments of its function. */
function optionsIn<Json extends object, Taken extends keyof Json>(
  json: Json,
  ...taken: readonly Taken[]
): Omit<Json, Taken> {
  const left = Object.entries(json).filter(([name]) => !taken.includes(name as Taken))
  return Object.fromEntries(left) as Omit<Json, Taken>
}

function assertNoMore(json: object, known: readonly string[]): void {
  const unknown = Object.keys(json).find(name => !known.includes(name))
  if (unknown !== undefined)
    throw new EscapementError(
      'trigger-invalid',
      `A trigger has the unknown key ${describe(unknown)}; ${didYouMean(unknown, known)}`
    )
}

function listOf(triggers: TriggerJson[]): TriggerJson[] {
  if (Array.isArray(triggers)) return triggers
  throw new EscapementError('trigger-invalid', `anyOf: triggers got ${shown(triggers)}; it takes a list of triggers.`)
}

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value).slice(0, 200) : describe(value)
}
