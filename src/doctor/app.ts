import { type Check, note } from './finding.ts'
import { some } from './some.ts'

/** So many unfinished jobs of one schedule at a time are no limit. */
const WIDE = 100

export const alertsAreSent: Check = ({ app }) => {
  if (app === undefined || !app.isProduction || app.channels > 0) return []
  return [
    note('alerts-without-channel', {
      what: 'In production no channel for alerts is configured.',
      why: 'A job that fails, hangs or does not start is then seen only by somebody who looks.',
      fix: 'alerts: { channels: [webhook(…) or mail(…)] } in the configuration'
    })
  ]
}

export const logsAreWritten: Check = ({ app }) => {
  if (app === undefined || !app.isProduction || app.isLogging) return []
  return [
    note('log-silent', {
      what: 'In production Escapement writes no log lines.',
      why: 'What it decided, retried and gave up is then in the books only.',
      fix: 'ESCAPEMENT_LOG_LEVEL=info, or a logger of your own'
    })
  ]
}

export const zoneIsMeant: Check = ({ app }) => {
  if (app === undefined || app.zone !== 'UTC' || app.hostZone === 'UTC') return []
  return [
    note('timezone-differs', {
      what: `Schedules that name no time zone follow UTC, and this host is in ${app.hostZone}.`,
      why: 'A cron line for 02:00 then fires at another hour than people here expect.',
      fix: `SCHEDULER_TIMEZONE=${app.hostZone}, or a zone in each trigger; if UTC is meant, name it there`
    })
  ]
}

export const overlapIsBounded: Check = ({ app }) => {
  const wide = app?.instances.filter(({ most }) => most >= WIDE) ?? []
  if (wide.length === 0) return []
  return [
    note('overlap-wide', {
      what: `Schedules may have a hundred unfinished jobs or more: ${some(wide.map(({ id, most }) => `${id} (${most})`))}.`,
      why: 'When a job hangs, new ones pile up behind it until the process is out of slots, and nothing is skipped.',
      fix: 'SCHEDULER_MAX_INSTANCES=1, or a few; a time limit for the task ends what hangs'
    })
  ]
}
