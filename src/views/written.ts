import { type InstantName, isInstantName } from '../core/dated.ts'
import { isoOf } from '../core/trigger/instant.ts'

type WrittenValue<Name, Value> = Name extends InstantName ? (Value extends number ? string : Value) : Value

/** A view as responses write it: instants as ISO 8601 in UTC, null for undefined. */
export type Written<View> = {
  readonly [Name in keyof View]-?:
    | WrittenValue<Name, Exclude<View[Name], undefined>>
    | (undefined extends View[Name] ? null : never)
}

/** Converts the members of a view by their names. Values inside members, such as a definition, stay unchanged. */
export function written<View extends object>(view: View): Written<View> {
  const members = Object.entries(view).map(([name, value]) => [name, writtenValue(name, value)])
  return Object.fromEntries(members) as Written<View>
}

function writtenValue(name: string, value: unknown): unknown {
  if (value === undefined) return null
  return typeof value === 'number' && isInstantName(name) ? isoOf(value) : value
}
