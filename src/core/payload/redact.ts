import { EscapementError } from '../errors.ts'
import { describe } from '../options/names.ts'

/** Stands where a value was left out. */
export const REDACTED = '[redacted]'

const MAX_PATH = 200
const TAKES = 'a path such as "card.number" or "items.*.iban", up to 200 characters'

/** @throws EscapementError `task-invalid`. `who` begins the message. */
export function redactOf(who: string, given: readonly string[]): readonly string[] {
  if (!Array.isArray(given))
    throw new EscapementError('task-invalid', `${who} has redact ${describe(given)}; it takes a list of paths.`)
  for (const path of given as readonly unknown[])
    if (typeof path !== 'string' || path.length > MAX_PATH || path.split('.').some(part => !isPart(part)))
      throw new EscapementError(
        'task-invalid',
        `${who} has redact with ${describe(path)}; it takes ${TAKES}.${cureOf(path)}`
      )
  return [...given]
}

/** Other libraries have other notations, which would hide nothing here. */
const isPart = (part: string): boolean =>
  part !== '' && part !== '$' && part !== '**' && part.trim() === part && !/[[\]]/.test(part) && !part.includes('\0')

function cureOf(path: unknown): string {
  if (typeof path !== 'string') return ''
  const meant = path
    .replaceAll(/\[["']?([^\]"']*)["']?\]/g, '.$1')
    .replace(/^\$?\.+/, '')
    .replaceAll(/\.{2,}/g, '.')
  return meant !== path && meant !== '' && meant.split('.').every(isPart) ? ` Write ${JSON.stringify(meant)}.` : ''
}

/**
 * The value without what the paths name, as a copy where something was named. A part of a path is a key, an index or
 * `*`, which is each of them. A list on the way stands for each of its items, even if the path does not say so: a path
 * that was written for one customer also hides those of a list.
 */
export const redact = (value: unknown, paths: readonly string[]): unknown =>
  paths.reduce((redacted, path) => without(redacted, path.split('.')), value)

function without(value: unknown, [part, ...rest]: readonly string[]): unknown {
  if (part === undefined) return REDACTED
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const isOfList = part === '*' || /^\d+$/.test(part)
    if (!isOfList) return value.map(item => without(item, [part, ...rest]))
    return value.map((item, index) =>
      part === '*' || Number(part) === index ? without(item, rest) : (item as unknown)
    )
  }
  const members = Object.entries(value)
  if (part !== '*' && !Object.hasOwn(value, part)) return value
  return Object.fromEntries(
    members.map(([key, member]) => [key, part === '*' || key === part ? without(member, rest) : (member as unknown)])
  )
}

/** Whether something that the paths name was left out of the value before. */
export function isRedacted(value: unknown, paths: readonly string[]): boolean {
  const found = (at: unknown, [part, ...rest]: readonly string[]): boolean => {
    if (part === undefined) return at === REDACTED
    if (typeof at !== 'object' || at === null) return false
    const members = Object.entries(at)
    const named = members.filter(([key]) => part === '*' || key === part)
    if (Array.isArray(at) && named.length === 0) return at.some(item => found(item, [part, ...rest]))
    return named.some(([, member]) => found(member, rest))
  }
  return paths.some(path => found(value, path.split('.')))
}
