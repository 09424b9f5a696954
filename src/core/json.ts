/** A value that JSON can carry without loss. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** Largest payload, step result or job result, in bytes of UTF-8. */
export const MAX_JSON_BYTES = 1_000_000

const MAX_DEPTH = 200

/**
 * Writes a value as strict JSON, or says why it can't: what JSON would drop or bend in silence (`undefined` in a list,
 * `NaN`, a Map, a Date, a class instance), what databases refuse (NUL, a lone surrogate), and what would not come back
 * as it went (`__proto__` as a key). `undefined` at the top is written as `null`; in an object its key is left out.
 */
export function toStrictJson(value: unknown): { readonly text: string } | { readonly problem: string } {
  const problem = value === undefined ? undefined : findProblem(value, '', [])
  if (problem !== undefined) return { problem }
  const text = value === undefined ? 'null' : JSON.stringify(value)
  if (text.length * 3 <= MAX_JSON_BYTES) return { text }
  const bytes = Buffer.byteLength(text)
  if (bytes <= MAX_JSON_BYTES) return { text }
  return { problem: `it is ${bytes} bytes of JSON, and ${MAX_JSON_BYTES} is the most` }
}

function findProblem(value: unknown, path: string, ancestors: object[]): string | undefined {
  switch (typeof value) {
    case 'boolean':
      return undefined
    case 'string':
      return textProblem(value, path)
    case 'number':
      return Number.isFinite(value) ? undefined : `${at(path)} is ${value}, and JSON has no such number`
    case 'object':
      return value === null ? undefined : findProblemInside(value, path, ancestors)
    default:
      return `${at(path)} is of type ${typeof value}, which JSON cannot carry`
  }
}

function findProblemInside(value: object, path: string, ancestors: object[]): string | undefined {
  if (ancestors.includes(value)) return `${at(path)} contains itself`
  if (ancestors.length >= MAX_DEPTH) return `${at(path)} is nested more than ${MAX_DEPTH} deep`
  const within = [...ancestors, value]
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const problem = findProblem(value[index], `${path}[${index}]`, within)
      if (problem !== undefined) return problem
    }
    return undefined
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    return `${at(path)} is an instance of ${value.constructor.name}; give plain objects and lists`
  for (const [key, member] of Object.entries(value)) {
    if (key === '__proto__') return `${at(path)} has the key "__proto__"`
    if (member === undefined) continue
    const problem = textProblem(key, path) ?? findProblem(member, path === '' ? key : `${path}.${key}`, within)
    if (problem !== undefined) return problem
  }
  return undefined
}

function textProblem(text: string, path: string): string | undefined {
  if (text.includes('\u0000')) return `${at(path)} holds the character NUL, which databases refuse`
  if (!text.isWellFormed()) return `${at(path)} holds half of a surrogate pair`
  return undefined
}

const at = (path: string): string => (path === '' ? 'the value' : `"${path}"`)
