import type { CalendarIntervalJson, TriggerJson } from '../core/trigger/trigger.ts'

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

function calendarStep({ years, months, weeks, days }: CalendarIntervalJson): string {
  const parts = Object.entries({ years, months, weeks, days }).filter(([, amount]) => amount > 0)
  return parts.map(([unit, amount]) => `${amount} ${unit}`).join(' ')
}
