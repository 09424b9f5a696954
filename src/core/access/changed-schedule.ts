import type { ScheduleDefinition, ScheduleState } from '../schedule/schedule.ts'
import { isoOf } from '../trigger/instant.ts'

/** What the audit says of a schedule before and after a change: the members that differ, of which each is small. */
export interface Difference {
  readonly before: object | undefined
  readonly after: object | undefined
}

/** A trigger may name thousands of dates; a longer text is left out, and its member named. */
const MAX_LENGTH = 1_000

/**
 * The members of phase and definition that differ. The payload is never shown: only that it is another one. What is due
 * is decided within each change, so times and counts, which move with it, are left out.
 */
export function changedSchedule(before: ScheduleState | undefined, after: ScheduleState): Difference {
  const [was, is] = [before === undefined ? {} : membersOf(before), membersOf(after)]
  const names = Object.keys(is).filter(name => !isSame(was[name], is[name]))
  const { payload } = after.definition
  const hasOtherPayload = before !== undefined && !isSame(before.definition.payload, payload)
  const shown = { ...pick(is, names), ...(hasOtherPayload && { isPayloadChanged: true }) }
  return { before: before && orNone(pick(was, names)), after: orNone(shown) }
}

/** A reset moves the instant until which fire times are decided. */
export const resetSchedule = (before: ScheduleState, after: ScheduleState): Difference => ({
  before: { decidedUntil: isoOf(before.decidedUntil) },
  after: { decidedUntil: isoOf(after.decidedUntil) }
})

type Members = Readonly<Record<string, unknown>>

function membersOf({ phase, phaseBy, pauseNote, app, definition }: ScheduleState): Members {
  return { phase, phaseBy, pauseNote, app, ...withoutPayload(definition) }
}

function withoutPayload(definition: ScheduleDefinition): Members {
  const { payload: _, ...rest } = definition
  return rest
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

function pick(members: Members, names: readonly string[]): object {
  const given = names.filter(name => members[name] !== undefined).map(name => [name, shortened(members[name])])
  return Object.fromEntries(given) as object
}

const shortened = (value: unknown): unknown => (JSON.stringify(value).length > MAX_LENGTH ? '(long)' : value)

const orNone = (members: object): object | undefined => (Object.keys(members).length === 0 ? undefined : members)
