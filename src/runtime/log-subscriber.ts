import type { EventMap, EventName } from '../core/events.ts'
import type { Logger } from '../core/handler.ts'
import type { Emitter } from './emitter.ts'

type Level = keyof Logger
type Line<Name extends EventName> = readonly [Level, (facts: EventMap[Name]) => string]

/** Every event that is worth a line, at which level, and in which words. This is all the logging that the runtime does. */
const lines: { readonly [Name in EventName]?: Line<Name> } = {
  'node.started': ['info', ({ roles, rolesFrom }) => `started with the roles ${roles.join(', ')} (from ${rolesFrom})`],
  'node.stopped': [
    'info',
    ({ leftRunning }) =>
      leftRunning === 0 ? 'stopped' : `stopped, leaving ${leftRunning} handlers that ignored their signal`
  ],
  'node.lease-lost': [
    'error',
    ({ running }) => `could not renew its lease in time; ${running} running jobs were aborted`
  ],
  'node.declared-lost': [
    'warn',
    ({ host, pid }) => `the node of process ${pid} on ${host} stood still for a lease and was declared lost`
  ],
  'node.joined-by-second': [
    'warn',
    ({ tasks, schedules }) =>
      `a second Escapement on the same books was started in this process; the running one took over its ${tasks.length} tasks and ${schedules.length} schedules`
  ],
  'node.loop-blocked': [
    'warn',
    ({ blockedMs, tasks }) =>
      `the event loop was blocked for ${blockedMs} ms while these tasks ran: ${tasks.join(', ') || 'none'}`
  ],
  'clock.jumped': [
    'warn',
    ({ byMs }) =>
      `the clock jumped by ${byMs} ms, by this process's monotonic clock: nothing is decided until it has agreed for 15 s`
  ],
  'clock.settled': [
    'warn',
    ({ byMs, outcome }) =>
      outcome === 'believed'
        ? `the clock has stayed where it jumped to (${byMs} ms): it is believed from now on`
        : `the clock that had jumped by ${byMs} ms shows the former time again`
  ],
  'jobs.hastened': [
    'warn',
    ({ count }) => `${count} jobs that a clock which ran ahead had put off wait no longer than they should`
  ],
  'seat.elected': ['info', ({ seat, term }) => `${seat}=true: this process holds the seat, under term ${term}`],
  'seat.deposed': ['info', ({ seat, term, why }) => `${seat}=false: term ${term} of the seat has ended here (${why})`],
  'seat.callback-failed': [
    'error',
    ({ seat, callback, error }) => `${callback} of the seat ${seat} failed: ${error.message}`
  ],
  'schedule.registered': [
    'info',
    ({ created, changed, unchanged }) =>
      `schedules registered: ${created} new, ${changed} changed, ${unchanged} unchanged`
  ],
  'schedule.contested': [
    'warn',
    ({ scheduleId }) =>
      `two deployments of one release define the schedule ${scheduleId} differently; this one was written`
  ],
  'schedule.orphaned': [
    'warn',
    ({ scheduleIds }) => `no code names these schedules any more: ${scheduleIds.join(', ')}`
  ],
  'schedule.undecidable': [
    'error',
    ({ scheduleId, error }) => `the schedule ${scheduleId} cannot be decided: ${error.message}`
  ],
  'schedule.undecided': [
    'warn',
    ({ scheduleId, decidedUntil, undecided, stayFired, nextFireAt }) =>
      `${scheduleId} had been decided until ${instant(decidedUntil)}, by a clock that ran ahead: ${undecided} fire times are undecided again, ${stayFired} fired and stay so; the next is ${nextFireAt === undefined ? 'none' : instant(nextFireAt)}`
  ],
  'schedule.decided': [
    'info',
    ({ scheduleId, rows }) =>
      `${scheduleId}: ${rows.map(row => `${row.outcome} ${new Date(row.fireAt).toISOString()}${row.count > 1 ? ` and ${row.count - 1} more` : ''}`).join(', ')}`
  ],
  'job.started': ['debug', ({ task }) => `${task} started`],
  'job.completed': ['debug', ({ task, durationMs }) => `${task} completed in ${durationMs} ms`],
  'job.failed': [
    'warn',
    ({ task, error, retryAt }) =>
      `${task} failed: ${error.message}; ${retryAt === undefined ? 'no further attempt' : `again at ${new Date(retryAt).toISOString()}`}`
  ],
  'job.discarded': ['error', ({ task, error }) => `${task} was discarded: ${error.message}`],
  'job.cancelled': ['info', ({ task }) => `${task} was cancelled`],
  'job.result-unkept': ['warn', ({ problem }) => problem],
  'job.stale': [
    'warn',
    ({ task, outcome }) => `a report of ${task} (${outcome}) was rejected: its attempt is no longer the current one`
  ],
  'job.hung': [
    'error',
    ({ task, graceMs }) => `the handler of ${task} ignored its aborted signal for ${graceMs} ms and was given up`
  ],
  'job.rescued': ['warn', ({ task, state }) => `${task} was taken from a node that is gone; it is now ${state}`],
  'job.crashed-process': [
    'error',
    ({ error }) => `an exception that nothing caught came from what this job's handler left behind: ${error.message}`
  ],
  'loop.failed': [
    'error',
    ({ loop, error, retryMs, failures }) =>
      `${loop} failed (${failures} in a row): ${error.message}; again in ${retryMs} ms`
  ],
  'loop.recovered': ['info', ({ loop, failures }) => `${loop} works again after ${failures} failures`]
}

function instant(at: number): string {
  return new Date(at).toISOString()
}

const levels: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** Turns events into lines, of this level and above: what no line tells is never put together. */
export function logEvents(events: Emitter, logger: Logger, lowest: Level | 'silent', identity: object): void {
  if (lowest === 'silent') return
  for (const name of Object.keys(lines) as EventName[]) {
    const [level, words] = lines[name] as Line<EventName>
    if (levels.indexOf(level) < levels.indexOf(lowest)) continue
    events.on(name, facts => logger[level]({ ...identity, event: name, ...fieldsOf(facts) }, words(facts as never)))
  }
}

/** Errors in pino's field, and rows of the ledger left to the words. */
function fieldsOf(facts: object): object {
  const { error, rows, ...fields } = facts as { error?: unknown; rows?: unknown }
  void rows
  return error === undefined ? fields : { ...fields, err: error }
}
