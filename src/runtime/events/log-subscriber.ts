import type { EventMap, EventName } from '../../core/events.ts'
import { isEscapementError } from '../../core/errors.ts'
import type { Logger } from '../../core/job/handler.ts'
import { ownerInWords } from '../../core/schedule/owners.ts'
import { isoOf } from '../../core/trigger/instant.ts'
import { messageOf } from '../../core/job/thrown.ts'
import type { Emitter } from './emitter.ts'

type Level = keyof Logger
type Line<Name extends EventName> = readonly [Level, (facts: EventMap[Name]) => string]

/** Books may hold an instant that no Date can be. */
const iso = (date: Date): string => isoOf(date.getTime())

const MAX_NAMED = 10
const some = (ids: readonly string[]): string =>
  ids.length <= MAX_NAMED ? ids.join(', ') : `${ids.slice(0, MAX_NAMED).join(', ')} and ${ids.length - MAX_NAMED} more`

const orphanFates = {
  keep: `they keep firing (orphans: 'pause' or 'remove' would end that)`,
  pause: 'they are paused once no live process has named them for 10 minutes',
  remove: 'they are removed once no live process has named them for 10 minutes'
} as const

/** Every event that is worth a line, with its level and its words. The runtime logs nothing else. */
const lines: { readonly [Name in EventName]?: Line<Name> } = {
  'node.started': ['info', ({ roles, rolesFrom }) => `started with the roles ${roles.join(', ')} (from ${rolesFrom})`],
  'node.retired': ['info', ({ running }) => `stopping: no new work is begun, ${running} jobs are still running`],
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
    ({ host, pid }) => `the node of process ${pid} on ${host} did not renew its lease in time and was declared lost`
  ],
  'node.joined-by-second': [
    'warn',
    ({ tasks, schedules }) =>
      `a second Escapement on the same books was started in this process; the running one took over its ${tasks.length} tasks and ${schedules.length} schedules`
  ],
  'node.loop-blocked': [
    'warn',
    ({ blockedMs, tasks, isCertain, underWay }) =>
      `the event loop was blocked for ${blockedMs} ms${tasks.length === 0 ? '' : ` ${isCertain ? 'by' : 'probably by'} ${tasks.join(', ')}`}; ${isCertain ? 'also ' : ''}under way: ${underWay.join(', ') || 'no task'}`
  ],
  'books.watching': [
    'warn',
    ({ nodes, forMs }) =>
      `the migration of the books waits up to ${forMs / 1_000} s for nodes of an earlier release that may be dead: ${some(nodes)}`
  ],
  'clock.jumped': [
    'warn',
    ({ byMs }) =>
      `the clock jumped by ${byMs} ms, by this process's monotonic clock: nothing is decided until both have agreed for 15 s`
  ],
  'clock.settled': [
    'warn',
    ({ byMs, outcome }) =>
      outcome === 'believed'
        ? `the clock has stayed where it jumped to (${byMs} ms): it is believed from now on`
        : `the clock that had jumped by ${byMs} ms shows the previous time again`
  ],
  'jobs.hastened': [
    'warn',
    ({ count }) => `${count} jobs had been delayed by a clock that ran ahead; they now wait only as long as they should`
  ],
  'seat.elected': ['info', ({ seat, term }) => `${seat}=true: this process holds the seat, under term ${term}`],
  'seat.deposed': ['info', ({ seat, term, why }) => `${seat}=false: term ${term} of the seat has ended here (${why})`],
  'seat.callback-failed': [
    'error',
    ({ seat, callback, error }) => `${callback} of the seat ${seat} failed: ${messageOf(error)}`
  ],
  'schedule.registered': [
    'info',
    ({ created, changed, unchanged }) =>
      `schedules registered: ${created} new, ${changed} changed, ${unchanged} unchanged`
  ],
  'schedule.contested': [
    'warn',
    ({ scheduleId }) =>
      `two deployments of one release, both alive, define the schedule ${scheduleId} differently; this one, the newer, was written (set ESCAPEMENT_RELEASE, so that they have an order)`
  ],
  'schedule.differs': [
    'warn',
    ({ scheduleIds, release }) =>
      `a newer deployment than this one (release ${release}) defines these schedules differently, and its definitions apply: ${some(scheduleIds)}; if this deployment is the newer one, give it a higher ESCAPEMENT_RELEASE, otherwise end this process`
  ],
  'schedule.refused': [
    'error',
    ({ scheduleId, app, owner, ownedBy }) =>
      `the schedule ${scheduleId} of the app "${app}" was refused: the id belongs to ${ownerInWords({ app: owner, by: ownedBy })}. Give it another id, or, if it is no longer wanted there, remove it (escapement schedules remove ${scheduleId})`
  ],
  'schedule.kept-removed': [
    'warn',
    ({ scheduleIds }) =>
      `these schedules were removed for good, and stay removed though this code names them: ${some(scheduleIds)} (escapement schedules remove ID, without --for-good, lets the next start bring one back)`
  ],
  'schedule.ended': [
    'warn',
    ({ scheduleId, lastFireAt }) =>
      `the schedule ${scheduleId} will never fire: its trigger has no fire time to come${lastFireAt === undefined ? '' : `, its last was ${iso(lastFireAt)}`}`
  ],
  'schedule.doubted': [
    'warn',
    ({ scheduleId, doubt }) => `the schedule ${scheduleId} may not mean what was intended: ${doubt}`
  ],
  'schedule.orphaned': [
    'warn',
    ({ app, scheduleIds, policy }) =>
      `no code of "${app}" names these schedules any more: ${some(scheduleIds)}; ${orphanFates[policy]}. Name them again, or remove them: escapement schedules remove ID`
  ],
  'schedule.unnamed': [
    'warn',
    ({ scheduleIds }) =>
      `this code does not name these schedules, and they keep firing: ${some(scheduleIds)}. Give each app on these books a name (name: 'shop'), so that its orphans are known, or remove them: escapement schedules remove ID`
  ],
  'schedule.put-aside': [
    'warn',
    ({ scheduleIds, phase }) =>
      `no live process had named these schedules for 10 minutes, and they are ${phase} (orphans): ${some(scheduleIds)}`
  ],
  'schedule.brought-back': [
    'info',
    ({ scheduleIds }) => `a live process names these schedules again, and they continue: ${some(scheduleIds)}`
  ],
  'schedule.undecidable': [
    'error',
    ({ scheduleId, error }) => `the schedule ${scheduleId} cannot be decided: ${messageOf(error)}`
  ],
  'schedule.refreshed': [
    'info',
    ({ schedules, moved, timezoneData }) =>
      `the next fire times of ${schedules} schedules were recomputed with time-zone data ${timezoneData}; ${moved} of them moved`
  ],
  'schedule.undecided': [
    'warn',
    ({ scheduleId, decidedUntil, undecided, stayFired, nextFireAt }) =>
      `${scheduleId} had been decided until ${iso(decidedUntil)}, by a clock that ran ahead: ${undecided} fire times are undecided again, ${stayFired} fired and stay so; the next is ${nextFireAt === undefined ? 'none' : iso(nextFireAt)}`
  ],
  'schedule.decided': [
    'info',
    ({ scheduleId, rows }) =>
      `${scheduleId}: ${rows.map(row => `${row.outcome} ${iso(row.fireAt)}${row.count > 1 ? ` and ${row.count - 1} more` : ''}`).join(', ')}`
  ],
  'job.started': ['debug', ({ task }) => `${task} started`],
  'job.completed': ['debug', ({ task, durationMs }) => `${task} completed in ${durationMs} ms`],
  'job.failed': [
    'warn',
    ({ task, retryAt, ...facts }) =>
      `${task} failed: ${reasonIn(facts)}; ${retryAt === undefined ? 'no further attempt' : `again at ${iso(retryAt)}`}`
  ],
  'job.discarded': ['error', ({ task, ...facts }) => `${task} was discarded: ${reasonIn(facts)}`],
  'job.cancelled': ['info', ({ task }) => `${task} was cancelled`],
  'job.snoozed': ['info', ({ task, runAt }) => `${task} was put off until ${iso(runAt)}`],
  'job.result-unkept': ['warn', ({ problem }) => problem],
  'job.stale': [
    'warn',
    ({ task, outcome }) => `a report of ${task} (${outcome}) was rejected: its attempt is no longer the current one`
  ],
  'job.report-refused': [
    'error',
    ({ jobId, outcome, error }) =>
      `the store refuses the report of the job ${jobId} (${outcome}), which has failed instead: ${messageOf(error)}`
  ],
  'job.timed-out': [
    'warn',
    ({ task, timeoutMs }) => `${task} exceeded its time limit of ${timeoutMs} ms; its signal is aborted`
  ],
  'job.hung': [
    'error',
    ({ task, graceMs }) => `the handler of ${task} ignored its aborted signal for ${graceMs} ms and was given up`
  ],
  'job.rescued': ['warn', ({ task, state }) => `${task} was taken from a node that is gone; it is now ${state}`],
  'job.crashed-process': [
    'error',
    facts => `an uncaught exception came from something that this job's handler left behind: ${reasonIn(facts)}`
  ],
  'listener.failed': [
    'error',
    ({ event, error }) => `a listener of "${event}" failed, and keeps listening: ${messageOf(error)} (reported once)`
  ],
  'alert.opened': ['warn', ({ rule, subject, why }) => `alert ${rule}: ${subject}: ${why}`],
  'alert.resolved': ['info', ({ rule, subject, lastedMs }) => `alert ${rule}: ${subject}: over after ${lastedMs} ms`],
  'alert.sent': [
    'debug',
    ({ channel, noticeId, kind }) => `the channel ${channel} took the notice ${noticeId} (${kind})`
  ],
  'alert.unsent': [
    'error',
    ({ channel, noticeId, error, retryAt }) =>
      `the channel ${channel} could not send the notice ${noticeId}: ${messageOf(error)}; ${retryAt === undefined ? 'it is given up' : `again at ${iso(retryAt)}`}`
  ],
  'alert.heartbeat-failed': ['warn', ({ error }) => `the heartbeat of the alerts failed: ${messageOf(error)}`],
  'request.failed': ['error', ({ method, path, error }) => `the request ${method} ${path} failed: ${messageOf(error)}`],
  'loop.failed': [
    'error',
    ({ loop, error, retryMs, failures }) =>
      `${loop} failed (${failures} in a row): ${messageOf(error)}; again in ${retryMs} ms`
  ],
  'loop.recovered': ['info', ({ loop, failures }) => `${loop} works again after ${failures} failures`]
}

/** The text of an error, unless a codec seals it. What this package says of a codec names no content. */
const reasonIn = ({ error, sealedBy }: { readonly error: Error; readonly sealedBy: string | undefined }): string =>
  sealedBy === undefined || isEscapementError(error, 'codec-failed')
    ? messageOf(error)
    : `an error that is sealed by the codec "${sealedBy}"`

const levels: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** Logs events of this level and above. Lines below it are never composed. */
export function logEvents(events: Emitter, logger: Logger, lowest: Level | 'silent', identity: object): void {
  if (lowest === 'silent') return
  for (const name of Object.keys(lines) as EventName[]) {
    const [level, words] = lines[name] as Line<EventName>
    if (levels.indexOf(level) < levels.indexOf(lowest)) continue
    events.on(name, facts => logger[level]({ ...identity, event: name, ...fieldsOf(facts) }, words(facts as never)))
  }
}

/**
 * Puts errors into pino's field, and leaves rows of the ledger to the words. A repeated failure shows its stack once.
 */
function fieldsOf(facts: object): object {
  const { error, rows, ...fields } = facts as {
    error?: unknown
    rows?: unknown
    failures?: number
    sealedBy?: string
  }
  void rows
  if (error === undefined || fields.sealedBy !== undefined || isRepeated(facts)) return fields
  return { ...fields, err: error }
}

const isRepeated = (facts: object): boolean =>
  'retryMs' in facts && Number((facts as { failures?: number }).failures) > 1
