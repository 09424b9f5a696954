import type { FireExplanation, LocalTrigger, Trigger, TriggerJson } from '../core/trigger/trigger.ts'
import { localTime } from '../core/trigger/zone.ts'
import { triggerOf } from '../core/trigger-cache.ts'
import { iso } from './output.ts'

/** A fire time as `preview` answers it. */
export interface FireView extends FireExplanation {
  readonly at: string
}

/** A fire time with the local time of its trigger's zone; of a trigger without a zone, of `fallbackZone`. */
export function viewFire(json: TriggerJson, at: number, fallbackZone: string): FireView {
  const { local, offset, transition } = explained(json, at, fallbackZone)
  return { at: iso(at), local, offset, transition }
}

function explained(json: TriggerJson, at: number, fallbackZone: string): FireExplanation {
  const trigger = triggerOf(json)
  if (isLocal(trigger)) return trigger.explain(at)
  if (json.kind === 'anyOf') {
    const member = json.triggers.find(each => triggerOf(each).next(at - 1) === at)
    if (member !== undefined) return explained(member, at, fallbackZone)
  }
  const zone = zoneIn(json)
  const { local, offset } = localTime(zone ?? fallbackZone, at)
  return { local, offset, transition: null }
}

const isLocal = (trigger: Trigger): trigger is LocalTrigger => 'explain' in trigger

/** The zone that a trigger reads local times in; the first, when its parts have several. */
export function zoneIn(json: TriggerJson): string | undefined {
  switch (json.kind) {
    case 'cron':
    case 'calendar-interval':
      return json.timezone ?? 'UTC'
    case 'anyOf':
      return json.triggers.map(zoneIn).find(zone => zone !== undefined)
    case 'spread':
      return zoneIn(json.trigger)
    default:
      return undefined
  }
}

/** A trigger in a few words: `0 9 * * mon-fri (Europe/Paris)`, `every 5m`. */
export function triggerInWords(json: TriggerJson): string {
  switch (json.kind) {
    case 'cron':
      return `${json.expression} (${json.timezone ?? 'UTC'})`
    case 'interval':
      return `every ${json.everyMs} ms`
    case 'date':
      return `at ${json.at}`
    case 'calendar-interval':
      return `every ${calendarStep(json)} at ${json.time} (${json.timezone ?? 'UTC'})`
    case 'anyOf':
      return json.triggers.map(triggerInWords).join(' or ')
    default:
      return `${triggerInWords(json.trigger)}, spread over ${json.windowMs} ms`
  }
}

function calendarStep({
  years,
  months,
  weeks,
  days
}: {
  years: number
  months: number
  weeks: number
  days: number
}): string {
  const parts = Object.entries({ years, months, weeks, days }).filter(([, amount]) => amount > 0)
  return parts.map(([unit, amount]) => `${amount} ${unit}`).join(' ')
}
