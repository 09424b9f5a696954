/** Names of members that are instants: epoch milliseconds inside, a Date at the faces of the package. */
export type InstantName = `${string}At` | `${string}From` | `${string}Until` | 'at'

const instantName = /^at$|(At|From|Until)$/

/** Whether a member of this name is an instant if it is a number. */
export const isInstantName = (name: string): boolean => instantName.test(name)

/** What is inside, as the faces of the package show it. */
export type Dated<Inside> = {
  readonly [Name in keyof Inside]: Name extends InstantName ? DatedValue<Inside[Name]> : Inside[Name]
}

type DatedValue<Value> = Value extends number ? Date : Value

/** What a face shows, as it is inside. */
export type InMs<Shown> = { readonly [Name in keyof Shown]: InMsValue<Shown[Name]> }

type InMsValue<Value> = Value extends Date
  ? number
  : Value extends readonly (infer Item extends object)[]
    ? readonly InMs<Item>[]
    : Value

/** Turns instants into dates, by the names of the members. Values inside members stay unchanged. */
export function dated<Inside extends object>(inside: Inside): Dated<Inside> {
  const shown = { ...inside } as Record<string, unknown>
  for (const name in shown) {
    const value = shown[name]
    // oxlint-disable-next-line no-restricted-globals -- An instant that is given, not a reading of the clock.
    if (typeof value === 'number' && isInstantName(name)) shown[name] = new Date(value)
  }
  return shown as Dated<Inside>
}
