import { EscapementError } from './errors.ts'

const MAX_NAME_LENGTH = 200

/** Names of tasks, queues and nodes, ids of schedules, unique keys: 1 to 200 characters, no control characters, no blanks at the ends. */
export function checkName(what: string, name: unknown): string {
  if (typeof name !== 'string')
    throw new EscapementError(
      'id-invalid',
      `${what} is ${describe(name)}; it takes a text of 1 to ${MAX_NAME_LENGTH} characters`
    )
  if (name.length === 0 || name.length > MAX_NAME_LENGTH || name.trim() !== name || /\p{Cc}|\p{Cs}/u.test(name))
    throw new EscapementError(
      'id-invalid',
      `${what} is ${describe(name)}; it takes 1 to ${MAX_NAME_LENGTH} characters without control characters or blanks at its ends`
    )
  return name
}

/** A value as it may stand in an error message: short, on one line, without control characters. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value)
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : `an object of ${value.constructor?.name ?? 'no class'}`
  return String(value)
}
