import * as v from 'valibot'
import type { TriggerJson } from '../core/trigger/trigger.ts'
import { line, priority, reason } from './bodies.ts'

const MAX_NAME = 200
const MAX_COUNT = 10_000

function whole(most: number) {
  const takes = `a whole number from 1 to ${most}`
  return v.pipe(v.number(takes), v.integer(takes), v.minValue(1, takes), v.maxValue(most, takes))
}

const durationTakes = 'milliseconds, or a text such as "5m"'
export const durationGiven = v.union(
  [v.pipe(v.number(durationTakes), v.minValue(0, durationTakes)), v.pipe(v.string(durationTakes), v.maxLength(40))],
  durationTakes
)

const triggerTakes = 'an object whose kind is one of cron, interval, date, calendar-interval, anyOf, spread'
/** Checked by its kind alone; the rest is checked where it is read. */
const trigger = v.looseObject({ kind: v.string(triggerTakes) }, triggerTakes) as unknown as v.GenericSchema<TriggerJson>

const maxFires = whole(Number.MAX_SAFE_INTEGER)

const policies = {
  payload: v.optional(v.unknown()),
  queue: v.optional(line(MAX_NAME)),
  priority: v.optional(priority),
  misfireGrace: v.optional(durationGiven),
  coalesce: v.optional(v.picklist(['latest', 'earliest', 'all'])),
  coalesceCap: v.optional(whole(MAX_COUNT)),
  overlap: v.optional(v.picklist(['skip', 'allow'])),
  maxInstances: v.optional(whole(MAX_COUNT)),
  maxFires: v.optional(maxFires),
  spread: v.optional(durationGiven)
}

/** A whole schedule: what is left out takes its default. */
export const schedulePutBody = v.strictObject({ ...reason, task: line(MAX_NAME), trigger, ...policies })

/** What is left out stays. Null takes a limit away. */
export const scheduleChangeBody = v.pipe(
  v.strictObject({
    ...reason,
    ...policies,
    trigger: v.optional(trigger),
    misfireGrace: v.optional(v.nullable(durationGiven)),
    maxFires: v.optional(v.nullable(maxFires))
  }),
  v.check(given => Object.keys(given).some(name => name !== 'reason'), 'at least one change')
)

/** `forGood`: no start of code brings it back. */
export const scheduleRemovalBody = v.strictObject({
  ...reason,
  forGood: v.optional(v.boolean('true or false'), false)
})
