import { isoOf } from '../core/trigger/instant.ts'

/** The names of instants. */
type InstantName = `${string}At` | `${string}From` | `${string}Until` | 'at'

type WrittenValue<Name, Value> = Name extends InstantName ? (Value extends number ? string : Value) : Value

/** A view as answers write it: instants as ISO 8601 in UTC, null where there is nothing. */
export type Written<View> = {
  readonly [Name in keyof View]-?:
    | WrittenValue<Name, Exclude<View[Name], undefined>>
    | (undefined extends View[Name] ? null : never)
}

/** Writes the members of a view, by their names; what stands within them, such as a definition, stays as it is. */
export function written<View extends object>(view: View): Written<View> {
  const members = Object.entries(view).map(([name, value]) => [name, writtenValue(name, value)])
  return Object.fromEntries(members) as Written<View>
}

function writtenValue(name: string, value: unknown): unknown {
  if (value === undefined) return null
  return typeof value === 'number' && /^at$|(At|From|Until)$/.test(name) ? isoOf(value) : value
}
