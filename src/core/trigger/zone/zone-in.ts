import type { TriggerJson } from '../trigger.ts'

/** The zone of a trigger's local times; the first one if its parts have several. */
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
