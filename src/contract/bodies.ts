import * as v from 'valibot'
import { isLine, MAX_REASON_LENGTH } from '../core/access/by.ts'

const MAX_NOTE = 1_000

export function line(longest: number) {
  const takes = `a text of 1 to ${longest} characters on one line`
  return v.pipe(
    v.string(takes),
    v.maxLength(longest, takes),
    v.check(text => isLine(text, longest), takes)
  )
}

/** Why, for the audit. */
export const reason = { reason: v.optional(line(MAX_REASON_LENGTH)) }

export const changeBody = v.strictObject(reason)

const priorityTakes = 'a whole number from -100 to 100'
export const priority = v.pipe(
  v.number(priorityTakes),
  v.integer(priorityTakes),
  v.minValue(-100, priorityTakes),
  v.maxValue(100, priorityTakes)
)

export const pauseBody = v.strictObject({ ...reason, note: v.optional(line(MAX_NOTE)) })
