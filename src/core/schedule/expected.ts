import { EscapementError } from '../errors.ts'
import type { ScheduleState } from './schedule.ts'

/**
 * What a change was meant for: a schedule of one of these revisions, `any` that is there, or `none`. A tombstone counts
 * as none, and its revision can be named.
 */
export type Expected = readonly number[] | 'any' | 'none'

/** The error for a schedule that is no longer as it was when its change was meant; undefined: it is. */
export function unexpected(
  id: string,
  state: ScheduleState | undefined,
  expected: Expected | undefined
): EscapementError | undefined {
  if (expected === undefined) return undefined
  const isThere = state !== undefined && state.phase !== 'removed'
  if (expected === 'any' ? isThere : expected === 'none' ? !isThere : expected.includes(state?.revision ?? Number.NaN))
    return undefined
  const found = isThere ? `it has the revision ${state.revision} now` : 'it is not there'
  const wanted = { any: 'one that is there', none: 'an id that is free' }
  const meant = typeof expected === 'string' ? wanted[expected] : `the revision ${expected.join(' or ')}`
  return new EscapementError(
    'schedule-changed',
    `The change of the schedule ${JSON.stringify(id)} was meant for ${meant}, and ${found}. Nothing was written; read it again.`
  )
}
