import { EscapementError } from '../errors.ts'

const MAX_NAME_LENGTH = 200

/** Which names are allowed, for error messages. */
export const NAME_TAKES = `a text of 1 to ${MAX_NAME_LENGTH} characters without control characters or blanks at its ends`

export const isName = (name: unknown): name is string =>
  typeof name === 'string' &&
  name.length > 0 &&
  name.length <= MAX_NAME_LENGTH &&
  name.trim() === name &&
  !/\p{Cc}|\p{Cs}/u.test(name)

/**
 * Checks the name of a task, queue or node, the id of a schedule, or a unique key: 1 to 200 characters, no control
 * characters, no blanks at the ends.
 *
 * @throws EscapementError `id-invalid`
 */
export function checkName(what: string, name: unknown): string {
  if (isName(name)) return name
  throw new EscapementError('id-invalid', `${what} is ${describe(name)}; it takes ${NAME_TAKES}.`)
}

/** Whether the value is a Date, also of another realm. */
export const isDate = (value: unknown): boolean => Object.prototype.toString.call(value) === '[object Date]'

/** A value for an error message: short, on one line, without control characters. Never throws. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value)
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : describeObject(value)
  return String(value)
}

function describeObject(value: object): string {
  try {
    const name: unknown = value.constructor?.name
    return `an object of ${typeof name === 'string' && name !== '' ? name : 'no class'}`
  } catch {
    return 'an object'
  }
}
