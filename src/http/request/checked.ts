import * as v from 'valibot'
import { didYouMean } from '../../core/options/nearest.ts'

const MAX_SHOWN = 80

/** What is wrong with one member of what a request brings. */
export interface Fault {
  readonly name: string
  /** Where it is, from the outside in; empty: all of it. */
  readonly keys: readonly string[]
  readonly detail: string
}

export type Checked = { readonly value: object } | { readonly faults: readonly Fault[] }

/** An object as its schema takes it, or what is wrong with each member. */
export function checkedBy(schema: v.GenericSchema, given: object): Checked {
  const known = Object.keys(membersOf(schema))
  // By itself the schema lets pass what every object inherits, such as "constructor".
  const unknown = Object.keys(given).filter(name => !known.includes(name))
  if (unknown.length > 0) return { faults: unknown.map(name => unknownMember(name, known)) }
  const { success, output, issues } = v.safeParse(schema, given)
  return success ? { value: output as object } : { faults: issues.map(faultOf) }
}

type WithMembers = v.GenericSchema & { readonly entries?: v.ObjectEntries; readonly pipe?: readonly WithMembers[] }

const membersOf = (schema: WithMembers): v.ObjectEntries => schema.entries ?? schema.pipe?.[0]?.entries ?? {}

function unknownMember(name: string, known: readonly string[]): Fault {
  const shown = name.slice(0, MAX_SHOWN)
  const detail = known.length === 0 ? 'It is not taken here.' : `It is unknown; ${didYouMean(shown, known)}`
  return { name: shown, keys: [shown], detail }
}

function faultOf(issue: v.BaseIssue<unknown>): Fault {
  const keys = issue.path?.map(({ key }) => String(key)) ?? []
  const name = keys.join('.')
  if (name === '') return { name, keys, detail: `It takes ${takes(issue)}.` }
  return { name, keys, detail: `It is ${shownValue(issue.input)}; it takes ${takes(issue)}.` }
}

const shownValue = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, MAX_SHOWN)

const takes = ({ type, expected, message }: v.BaseIssue<unknown>): string => {
  if (type === 'picklist') return `one of ${expected?.replaceAll(/[()]/g, '').replaceAll(' | ', ', ')}`
  if (type === 'min_length') return 'a text that is not empty'
  if (type === 'max_length' && expected !== null && !message.startsWith('a'))
    return `at most ${expected.replace(/^<=/, '')} characters`
  return message
}
