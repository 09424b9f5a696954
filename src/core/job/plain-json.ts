import { types } from 'node:util'

/** More values, or longer texts, than anybody reads. Writing a large response as JSON would block the event loop. */
const MAX_VALUES = 200
const MAX_TEXT = 1_000

/**
 * A plain object or a list as JSON, without those of its own members; long texts are cut. Undefined for anything else,
 * for what JSON can't say, and for what is too large. Never throws.
 */
export function plainJson(value: unknown, without: readonly string[] = []): string | undefined {
  if (!isPlain(value)) return undefined
  let values = 0
  const bounded = function (this: unknown, key: string, member: unknown): unknown {
    if (++values > MAX_VALUES) throw new RangeError('too large')
    if (this === value && without.includes(key)) return undefined
    return typeof member === 'string' ? member.slice(0, MAX_TEXT) : member
  }
  try {
    return JSON.stringify(value, bounded)
  } catch {
    return undefined
  }
}

/** Also one of another realm, such as that of a test runner. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
