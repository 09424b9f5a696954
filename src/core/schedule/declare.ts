import { durationMs, isDuration } from '../options/duration.ts'
import { EscapementError } from '../errors.ts'
import { aDuration, aName, judgedLater, oneOf, trueOrFalse, wholeNumber } from '../options/forms.ts'
import { type JsonValue, MAX_UNSEALED_BYTES, toStrictJson } from '../options/json.ts'
import { checkName, describe, isDate } from '../options/names.ts'
import { checkOptions, door, wrongValue } from '../options/options.ts'
import type { Coalesce, Overlap, ScheduleDefinition } from './schedule.ts'
import { sealedPayload } from '../payload/sealed-payload.ts'
import { type CheckedPayload, checkPayload } from '../job/schema.ts'
import type { AnyTask, Task } from '../job/task.ts'
import { spread } from '../trigger/spread.ts'
import type { Trigger, TriggerJson } from '../trigger/trigger.ts'

export interface CommonScheduleOptions<Input> {
  /** The task that each fire runs. */
  readonly task: Task<Input>
  /** When: `cron`, `every`, `at`, `calendarInterval`, `anyOf`. */
  readonly trigger: Trigger
  /** @default the task's */
  readonly queue?: string
  /**
   * -100 to 100. A lower number runs first.
   * @default the task's
   */
  readonly priority?: number
  /**
   * How late a fire time may be found and still fire.
   * @default from the settings, else no limit
   */
  readonly misfireGrace?: number | string
  /**
   * Which of several missed fire times run: `latest`, `earliest` or `all`.
   * @default from the settings, else 'latest'
   */
  readonly coalesce?: Coalesce
  /**
   * With `all`: how many of them run at most, 1 to 10,000.
   * @default 100
   */
  readonly coalesceCap?: number
  /**
   * Whether a fire time is skipped while `maxInstances` jobs are unfinished: `skip` or `allow`.
   * @default 'skip'
   */
  readonly overlap?: Overlap
  /**
   * 1 to 10,000.
   * @default from the settings, else 1
   */
  readonly maxInstances?: number
  /**
   * The schedule ends after this many fires.
   * @default no end
   */
  readonly maxFires?: number
  /**
   * Runs once at the start of the app, unless a job was created within the last period.
   * @default false
   */
  readonly runAtStart?: boolean
  /**
   * Delays every fire time by an offset below this. The offset depends only on the schedule's id.
   * @default 0
   */
  readonly spread?: number | string
}

/** Passed to every job. Required if the task's schema does not take "no payload"; otherwise null by default. */
export type PayloadOption<Input> =
  TakesNothing<Input> extends true ? { readonly payload?: NoInfer<Input> } : { readonly payload: NoInfer<Input> }
type TakesNothing<Input> = unknown extends Input
  ? true
  : undefined extends Input
    ? true
    : null extends Input
      ? true
      : false

/** The options of a schedule. `Input` is what its task takes as the payload. */
export type ScheduleOptions<Input> = CommonScheduleOptions<Input> & PayloadOption<Input>

/**
 * The settings that replace options which a schedule does not give.
 *
 * @experimental
 */
export interface ScheduleDefaults {
  readonly timezone?: string | undefined
  readonly misfireGraceMs?: number | null | undefined
  readonly coalesce?: Coalesce | undefined
  readonly maxInstances?: number | undefined
}

/** What `schedule()` returns: a declaration, written to the books at the start of an app. */
export interface Schedule {
  readonly id: string
  readonly task: AnyTask
  /** Sentences about what in its trigger probably means something else. */
  readonly doubts?: readonly string[] | undefined
  /** With an async schema: rejects with `payload-invalid` if the schema refuses the payload. */
  readonly payloadChecked?: Promise<void> | undefined
  /** For a task with a codec: whether a payload of the books is the one that is declared. */
  readonly isKeptAs?: ((kept: JsonValue) => boolean) | undefined
  /** The definition with these defaults filled in. */
  readonly define: (defaults: ScheduleDefaults) => ScheduleDefinition
}

/**
 * Declares a schedule: which task runs, when, and what happens to fire times that are late, missed, or overlap with an
 * unfinished job.
 *
 * @throws EscapementError `schedule-invalid`, `id-invalid`, `duration-invalid`, `payload-invalid`, naming the schedule
 * and the option
 *
 * @example
 * ```ts
 * schedule('nightly-report', {
 *   task: report,
 *   trigger: cron('0 2 * * *', { timezone: 'Europe/Paris' }),
 *   misfireGrace: '1h'
 * })
 * ```
 */
export function schedule<Input>(id: string, options: ScheduleOptions<Input>): Schedule {
  checkName('The id of a schedule', id)
  const who = `The schedule "${id}"`
  checkOptions(who, options, scheduleDoor)
  for (const name of ['task', 'trigger'] as const)
    if (options[name] === undefined)
      throw wrongValue(`${who} has ${name}`, undefined, { code: 'schedule-invalid', ...scheduleDoor.forms[name]! })
  const { coalesce, overlap, maxInstances, coalesceCap, maxFires, priority } = options
  const graceMs = options.misfireGrace === undefined ? undefined : durationMs(options.misfireGrace)
  const spreadMs = options.spread === undefined ? 0 : durationMs(options.spread)
  const trigger = spreadMs === 0 ? options.trigger : spread(options.trigger, id, spreadMs)
  if (trigger.next(-1) === undefined)
    throw new EscapementError(
      'schedule-invalid',
      `${who} can never fire: its trigger has no fire time from 1970 to 9999.`
    )
  const { task } = options
  const payload = payloadOf(id, options.payload, task)
  const sealing = task.codecs && sealedPayload(`the schedule "${id}"`, task.codecs, payload)
  return {
    id,
    task,
    doubts: options.trigger.doubts,
    payloadChecked: assertPayload(who, task, payload),
    isKeptAs: sealing?.isKeptAs,
    define: defaults => ({
      task: task.name,
      trigger: inZone(trigger.toJSON(), defaults.timezone ?? 'UTC'),
      payload: sealing === undefined ? payload : sealing.sealed(),
      queue: options.queue ?? task.queue,
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

/** Refuses a payload that the schema rejects: otherwise each job would be created only to be discarded. */
function assertPayload(who: string, task: AnyTask, payload: JsonValue): Promise<void> | undefined {
  const judge = (checked: CheckedPayload): void => {
    if ('value' in checked) return
    const cure = payload === null ? ' Give it one with the option "payload".' : ''
    throw new EscapementError(
      'payload-invalid',
      `${who} has ${payload === null ? 'no payload' : 'a payload'} that the schema of its task "${task.name}" takes: ${checked.problem}.${cure}`
    )
  }
  const answer = checkPayload(task, payload)
  if (!(answer instanceof Promise)) {
    judge(answer)
    return undefined
  }
  const checked = answer.then(judge)
  // The start with this schedule awaits it. Until then a rejection must not count as unhandled.
  checked.catch(() => undefined)
  return checked
}

export const scheduleDoor = door<ScheduleOptions<unknown>>('schedule-invalid', {
  task: {
    takes: 'what task() returns',
    allows: value => typeof (value as Partial<AnyTask> | null)?.handler === 'function'
  },
  trigger: {
    takes: 'a trigger such as cron() or every()',
    allows: value => typeof (value as Partial<Trigger> | null)?.next === 'function',
    cure: triggerCure
  },
  payload: judgedLater,
  queue: aName,
  priority: wholeNumber(-100, 100),
  misfireGrace: aDuration,
  coalesce: oneOf('latest', 'earliest', 'all'),
  coalesceCap: wholeNumber(1, 10_000),
  overlap: oneOf('skip', 'allow'),
  maxInstances: wholeNumber(1, 10_000),
  maxFires: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  runAtStart: trueOrFalse,
  spread: aDuration
})

function triggerCure(value: unknown): string | undefined {
  if (typeof value === 'string')
    return isDuration(value)
      ? `Write every(${JSON.stringify(value)}).`
      : `Write cron(${describe(value)}) for a cron expression.`
  if (typeof value === 'number') return `Write every(${value}) for an interval in milliseconds.`
  if (isDate(value)) return 'Write at(…) for an instant.'
  return Array.isArray(value) ? 'Write anyOf(…) for several triggers.' : undefined
}

function payloadOf(id: string, payload: unknown, { codecs }: AnyTask): JsonValue {
  const json = toStrictJson(payload, codecs && MAX_UNSEALED_BYTES)
  if ('problem' in json)
    throw new EscapementError('payload-invalid', `The payload of the schedule "${id}" cannot be kept: ${json.problem}.`)
  return JSON.parse(json.text) as JsonValue
}

/** Triggers without a zone of their own are read in the default zone. */
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
