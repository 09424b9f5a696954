import * as v from 'valibot'
import { line, priority, reason } from './bodies.ts'
import { instant } from './instant.ts'
import { durationGiven } from './schedule-bodies.ts'

const MAX_NAME = 200
const yesOrNo = v.optional(v.boolean('true or false'), false)

/** `mayWait`: also if no live process runs the task; the job then waits for one. */
export const enqueueBody = v.strictObject({
  ...reason,
  task: line(MAX_NAME),
  payload: v.optional(v.unknown(), null),
  runAt: v.optional(instant),
  delay: v.optional(durationGiven),
  queue: v.optional(line(MAX_NAME)),
  priority: v.optional(priority),
  uniqueKey: v.optional(line(MAX_NAME)),
  id: v.optional(v.pipe(v.string(), v.maxLength(36))),
  mayWait: yesOrNo
})

/**
 * `again`: also a job that is to run at most once, which then begins a second time. `payload`: a new job, since under
 * the id of the old one others may know what it did.
 */
export const retryBody = v.strictObject({ ...reason, again: yesOrNo, payload: v.optional(v.unknown()) })

/** The payload only of a job that has never begun. */
export const jobChangeBody = v.pipe(
  v.strictObject({
    ...reason,
    runAt: v.optional(instant),
    priority: v.optional(priority),
    payload: v.optional(v.unknown())
  }),
  v.check(given => Object.keys(given).some(name => name !== 'reason'), 'at least one of runAt, priority and payload')
)
