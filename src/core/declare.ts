import { durationMs } from './duration.ts'
import { EscapementError } from './errors.ts'
import type { JsonValue } from './json.ts'
import { toStrictJson } from './json.ts'
import { checkName, describe } from './names.ts'
import type { Coalesce, Overlap, ScheduleDefinition } from './schedule.ts'
import type { AnyTask, Task } from './task.ts'
import { spread } from './trigger/spread.ts'
import type { Trigger, TriggerJson } from './trigger/trigger.ts'

export interface ScheduleOptions<Input> {
  readonly task: Task<Input>
  /** When: `cron`, `every`, `at`, `calendarInterval`, `anyOf`. */
  readonly trigger: Trigger
  /** Handed to every job; default null. */
  readonly payload?: Input
  /** Default: the task's. */
  readonly queue?: string
  readonly priority?: number
  /** How late a fire time may be found and still fire; default from the settings, else no limit. */
  readonly misfireGraceTime?: number | string
  /** Of several missed fire times: `latest` (default), `earliest`, `all`. */
  readonly coalesce?: Coalesce
  /** With `all`: 1 to 10,000, default 100. */
  readonly coalesceCap?: number
  /** What happens while `maxInstances` jobs are live: `skip` (default) or `allow`. */
  readonly overlap?: Overlap
  /** 1 to 10,000, default from the settings, else 1. */
  readonly maxInstances?: number
  /** Fires until it ends; default: no end. */
  readonly maxFires?: number
  /** A run at the start of the app, unless one was born within the last period; default false. */
  readonly runAtStart?: boolean
  /** Every fire time is later by an offset below this, always the same for one schedule id; default 0. */
  readonly spread?: number | string
}

/** Settings that a schedule falls back on. */
export interface ScheduleDefaults {
  readonly timezone?: string | undefined
  readonly misfireGraceMs?: number | null | undefined
  readonly coalesce?: Coalesce | undefined
  readonly maxInstances?: number | undefined
}

export interface Schedule {
  readonly id: string
  readonly task: AnyTask
  /** The definition under these defaults. */
  readonly define: (defaults: ScheduleDefaults) => ScheduleDefinition
}

/**
 * Declares a schedule: a task, when, and what becomes of fire times that are late, missed, or meet a job still live.
 *
 * @throws EscapementError `schedule-invalid`, `id-invalid`, `duration-invalid`, naming the schedule and the option.
 */
export function schedule<Input>(id: string, options: ScheduleOptions<Input>): Schedule {
  checkName('The id of a schedule', id)
  const invalid = (option: string, got: unknown, takes: string): EscapementError =>
    new EscapementError('schedule-invalid', `The schedule "${id}" has ${option} ${describe(got)}; it takes ${takes}.`)
  if (typeof options.task?.handler !== 'function') throw invalid('the task', options.task, 'what task() answers')
  if (typeof options.trigger?.next !== 'function')
    throw invalid('the trigger', options.trigger, 'a trigger such as cron() or every()')
  const oneOf = <T extends string>(option: string, value: T | undefined, takes: readonly T[]): T | undefined => {
    if (value === undefined || takes.includes(value)) return value
    throw invalid(option, value, takes.map(choice => `"${choice}"`).join(' or '))
  }
  const whole = (
    option: string,
    value: number | undefined,
    [least, most]: readonly [number, number]
  ): number | undefined => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value
    throw invalid(option, value, `a whole number from ${least} to ${most}`)
  }
  const coalesce = oneOf('coalesce', options.coalesce, ['latest', 'earliest', 'all'])
  const overlap = oneOf('overlap', options.overlap, ['skip', 'allow'])
  const maxInstances = whole('maxInstances', options.maxInstances, [1, 10_000])
  const coalesceCap = whole('coalesceCap', options.coalesceCap, [1, 10_000])
  const maxFires = whole('maxFires', options.maxFires, [1, Number.MAX_SAFE_INTEGER])
  const priority = whole('priority', options.priority, [-100, 100])
  const graceMs = options.misfireGraceTime === undefined ? undefined : durationMs(options.misfireGraceTime)
  const spreadMs = options.spread === undefined ? 0 : durationMs(options.spread)
  const trigger = spreadMs === 0 ? options.trigger : spread(options.trigger, id, spreadMs)
  const payload = payloadOf(id, options.payload)
  const { task } = options
  return {
    id,
    task,
    define: defaults => ({
      task: task.name,
      trigger: inZone(trigger.toJSON(), defaults.timezone ?? 'UTC'),
      payload,
      queue: options.queue === undefined ? task.queue : checkName(`The queue of the schedule "${id}"`, options.queue),
      priority: priority ?? task.priority,
      maxAttempts: task.maxAttempts,
      delivery: task.delivery,
      keepMs: task.keepMs,
      misfireGraceMs: graceMs ?? defaults.misfireGraceMs ?? null,
      coalesce: coalesce ?? defaults.coalesce ?? 'latest',
      coalesceCap: coalesceCap ?? 100,
      overlap: overlap ?? 'skip',
      maxInstances: maxInstances ?? defaults.maxInstances ?? 1,
      maxFires: maxFires ?? null,
      runAtStart: options.runAtStart ?? false
    })
  }
}

function payloadOf(id: string, payload: unknown): JsonValue {
  const json = toStrictJson(payload)
  if ('problem' in json)
    throw new EscapementError('payload-invalid', `The payload of the schedule "${id}" cannot be kept: ${json.problem}.`)
  return JSON.parse(json.text) as JsonValue
}

/** Triggers that name no zone of their own are read in the default zone. */
const inZone = (trigger: TriggerJson, timezone: string): TriggerJson => withZone(trigger, timezone) as TriggerJson

function withZone(member: unknown, timezone: string): unknown {
  if (Array.isArray(member)) return member.map(each => withZone(each, timezone))
  if (typeof member !== 'object' || member === null) return member
  const zoned: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(member)) if (value !== undefined) zoned[key] = withZone(value, timezone)
  if (isZoneless(member)) zoned['timezone'] = timezone
  return zoned
}

const localKinds: ReadonlySet<unknown> = new Set(['cron', 'calendar-interval'])
const isZoneless = (member: unknown): member is object =>
  typeof member === 'object' &&
  member !== null &&
  'kind' in member &&
  localKinds.has(member.kind) &&
  !('timezone' in member)
