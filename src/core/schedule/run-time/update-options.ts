import { isSealed } from '../../payload/sealed.ts'
import type { AnyTask } from '../../job/task.ts'
import { toStrictJson } from '../../options/json.ts'
import { EscapementError } from '../../errors.ts'
import { checkOptions, type Door, type Form } from '../../options/options.ts'
import { checkName } from '../../options/names.ts'
import type { TriggerJson } from '../../trigger/trigger.ts'
import { triggerOf } from '../../trigger/trigger-cache.ts'
import { type CommonScheduleOptions, type Schedule, schedule, scheduleDoor } from '../declare.ts'
import type { ScheduleDefinition } from '../schedule.ts'

type Policies = Omit<CommonScheduleOptions<unknown>, 'task' | 'runAtStart' | 'misfireGrace' | 'maxFires'>

/** What an update of a schedule changes. All else stays as it is in the books. */
export type UpdateOptions = Partial<Policies> & {
  /** Passed to every job; the schema of its task has to take it. */
  readonly payload?: unknown
  /** How late a fire time may be found and still fire. Null: no limit. */
  readonly misfireGrace?: number | string | null
  /** The schedule ends after this many fires, those so far included. Null: no end. */
  readonly maxFires?: number | null
}

/** An update as it was read within the call. */
export interface Update extends UpdateOptions {
  /** Undefined: the payload stays. */
  readonly payloadText: string | undefined
}

/** @throws EscapementError `schedule-invalid`, `id-invalid`, `duration-invalid`, `payload-invalid` */
export function readUpdate(id: string, options: UpdateOptions): Update {
  checkName('The id of a schedule', id)
  checkOptions(`The schedule "${id}"`, options, updateDoor)
  const { payload } = options
  const json = payload === undefined ? { text: undefined } : toStrictJson(payload)
  if ('problem' in json)
    throw new EscapementError('payload-invalid', `The payload of the schedule "${id}" cannot be kept: ${json.problem}.`)
  return { ...options, payloadText: json.text }
}

/**
 * The schedule with the changes, checked as `schedule()` checks one that code declares. The task is needed only for a
 * new payload; without it what the books say of the task stays.
 *
 * @throws EscapementError what `schedule()` throws
 */
export function updated(id: string, before: ScheduleDefinition, update: Update, task: AnyTask | undefined): Schedule {
  const { trigger, spread } = withoutSpread(id, before.trigger)
  const options = {
    task: { ...asInBooks(before), schema: task?.schema },
    trigger: update.trigger ?? triggerOf(trigger),
    spread: update.spread ?? spread,
    payload: update.payloadText === undefined ? before.payload : (JSON.parse(update.payloadText) as unknown),
    queue: update.queue ?? before.queue,
    priority: update.priority ?? before.priority,
    misfireGrace: givenOr(update.misfireGrace, before.misfireGraceMs),
    coalesce: update.coalesce ?? before.coalesce,
    coalesceCap: update.coalesceCap ?? before.coalesceCap,
    overlap: update.overlap ?? before.overlap,
    maxInstances: update.maxInstances ?? before.maxInstances,
    maxFires: givenOr(update.maxFires, before.maxFires)
  }
  if (update.payloadText !== undefined || !isSealed(before.payload)) return declared(id, options)
  // What a codec has sealed is no payload that anybody may give: it stays as it is.
  const { payload } = before
  const without = declared(id, { ...options, payload: null })
  return { ...without, define: defaults => ({ ...without.define(defaults), payload }) }
}

const declared = (id: string, options: object): Schedule => schedule(id, options as Parameters<typeof schedule>[1])

/** Null where a limit is taken away is "not given" where one is declared. */
const givenOr = <Value>(given: Value | null | undefined, before: Value | null): Value | undefined =>
  (given === undefined ? before : given) ?? undefined

/** The trigger that was given, and the option `spread`. */
const withoutSpread = (id: string, json: TriggerJson): { readonly trigger: TriggerJson; readonly spread: number } =>
  json.kind === 'spread' && json.scheduleId === id
    ? { trigger: json.trigger, spread: json.windowMs }
    : { trigger: json, spread: 0 }

/** What the books know of the task of a schedule. Its code may be in other processes only. */
function asInBooks({ task, queue, priority, maxAttempts, delivery, keepMs }: ScheduleDefinition): AnyTask {
  const known = { name: task, queue, priority, maxAttempts, delivery, keepMs, handler: () => undefined }
  return known as unknown as AnyTask
}

const nothing = (cure: string): Form => ({ takes: 'nothing', allows: () => false, cure: () => cure })
const orNull = (form: Form): Form => ({
  ...form,
  takes: `${form.takes}, or null for none`,
  allows: value => value === null || form.allows(value)
})

const { forms } = scheduleDoor
const updateDoor: Door = {
  code: scheduleDoor.code,
  forms: Object.assign(Object.create(null) as Record<string, Form>, forms, {
    task: nothing('schedules.put() gives a schedule another task.'),
    runAtStart: nothing('It is for schedules that code declares; schedules.runNow() runs this one now.'),
    misfireGrace: orNull(forms['misfireGrace']!),
    maxFires: orNull(forms['maxFires']!)
  })
}
