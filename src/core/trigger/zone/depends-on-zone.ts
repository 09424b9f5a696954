import type { TriggerJson } from '../trigger.ts'

/** UTC and offsets such as "+08:00" are the same under every version of the time-zone data. */
const isFixed = (timezone: string): boolean => timezone === 'UTC' || /^[+-]\d/.test(timezone)

/** Whether another version of the time-zone data could give other fire times. */
export function dependsOnZone(trigger: TriggerJson): boolean {
  switch (trigger.kind) {
    case 'interval':
    case 'date':
      return false
    case 'anyOf':
      return trigger.triggers.some(dependsOnZone)
    case 'spread':
      return dependsOnZone(trigger.trigger)
    default:
      return !isFixed(trigger.timezone ?? 'UTC')
  }
}
