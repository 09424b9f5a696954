import * as v from 'valibot'
import { instant } from './instant.ts'

const MAX_NOTE = 1_000
const noteTakes = `a text of 1 to ${MAX_NOTE} characters on one line`

/** One line, of which no control character reaches a terminal. */
const note = v.pipe(
  v.string(noteTakes),
  v.maxLength(MAX_NOTE, noteTakes),
  v.check(text => text.trim() !== '' && !/\p{Cc}|\p{Cs}/u.test(text), noteTakes)
)

const priorityTakes = 'a whole number from -100 to 100'
const priority = v.pipe(
  v.number(priorityTakes),
  v.integer(priorityTakes),
  v.minValue(-100, priorityTakes),
  v.maxValue(100, priorityTakes)
)

export const pauseBody = v.strictObject({ note: v.optional(note) })

/** `again`: also a job that is to run at most once, which then begins a second time. */
export const retryBody = v.strictObject({ again: v.optional(v.boolean('true or false'), false) })

export const jobChangeBody = v.pipe(
  v.strictObject({ runAt: v.optional(instant), priority: v.optional(priority) }),
  v.check(
    ({ runAt, priority: rank }) => runAt !== undefined || rank !== undefined,
    'at least one of runAt and priority'
  )
)
