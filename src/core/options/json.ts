import { errorOf, messageOf } from '../job/thrown.ts'
import { isDate } from './names.ts'
import { SEAL_KEY } from '../payload/sealed.ts'

/** A value that JSON can carry without loss. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

declare const cure: unique symbol

/** No value has this type. The compiler names it where strict JSON cannot carry a value, and it says what to do. */
export interface NotJson<Cure extends string> {
  readonly [cure]: Cure
}

/**
 * The type itself where strict JSON can carry it, and `NotJson` where it cannot: a `Date`, a `Map`, a function, a
 * `bigint`, a class with methods. `unknown` stays, since only the value can tell.
 */
export type Kept<T> = unknown extends T
  ? T
  : T extends null | undefined | void | boolean | number | string
    ? T
    : T extends Date
      ? NotJson<'a Date is not JSON: give date.toISOString()'>
      : T extends bigint
        ? NotJson<'a bigint is not JSON: give String(value)'>
        : T extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
          ? NotJson<'a Map or Set is not JSON: give a plain object or a list'>
          : T extends symbol | ((...given: never[]) => unknown)
            ? NotJson<'a function or symbol is not JSON: give plain values'>
            : { [Key in keyof T]: Kept<T[Key]> }

/** The same type if strict JSON can carry all of it, so that it keeps its name. Otherwise what `Kept` makes of it. */
export type JsonOf<T> = [T] extends [Kept<T>] ? T : Kept<T>

/** Largest payload, step result or job result, in bytes of UTF-8, as it is stored. */
export const MAX_JSON_BYTES = 1_000_000
/** Largest JSON that is given to a codec, which may make less of it. */
export const MAX_UNSEALED_BYTES = 10_000_000

const MAX_DEPTH = 200

type StrictJson = { readonly text: string } | { readonly problem: string }

/**
 * Writes a value as strict JSON, or says why it can't. Refused is what JSON would silently drop or change (`undefined`
 * in a list, `NaN`, a Map, a Date, a class instance), what databases refuse (NUL, a lone surrogate), and what would not
 * be read back the same (`__proto__` as a key, `$codec` at the top). `undefined` at the top becomes `null`; in an
 * object its key is left out.
 */
export function toStrictJson(value: unknown, mostBytes = MAX_JSON_BYTES): StrictJson {
  if (value === undefined) return { text: 'null' }
  try {
    return written(value, mostBytes)
  } catch (cause) {
    return { problem: `it could not be read: ${messageOf(errorOf(cause))}` }
  }
}

function written(value: unknown, mostBytes: number): StrictJson {
  const problem = findProblem(value, '', [])
  if (problem !== undefined) return { problem }
  const text = JSON.stringify(value) as string | undefined
  // A getter may return something else the second time.
  if (text === undefined) return { problem: 'the value changed into something that JSON cannot carry' }
  if (text.length * 3 <= mostBytes) return { text }
  const bytes = Buffer.byteLength(text)
  if (bytes <= mostBytes) return { text }
  return { problem: `it is ${bytes} bytes of JSON; at most ${mostBytes} are allowed` }
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
  const isList = Array.isArray(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!isList && prototype !== Object.prototype && prototype !== null) return foreignProblem(value, path)
  // JSON.stringify() would use its result, even if no listing of the keys shows it.
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function')
    return `${at(path)} has a method toJSON; give what it returns`
  ancestors.push(value)
  const problem = isList ? findProblemInList(value, path, ancestors) : findProblemInMembers(value, path, ancestors)
  ancestors.pop()
  return problem
}

function findProblemInList(list: readonly unknown[], path: string, ancestors: object[]): string | undefined {
  for (let index = 0; index < list.length; index++) {
    const problem = findProblem(list[index], `${path}[${index}]`, ancestors)
    if (problem !== undefined) return problem
  }
  return undefined
}

function findProblemInMembers(value: object, path: string, ancestors: object[]): string | undefined {
  for (const key of Object.keys(value)) {
    const member = (value as Readonly<Record<string, unknown>>)[key]
    if (key === '__proto__') return `${at(path)} has the key "__proto__"`
    if (key === SEAL_KEY && ancestors.length === 1)
      return `${at(path)} has the key "${SEAL_KEY}" at its top, which marks what a codec has sealed`
    if (member === undefined) continue
    const problem = textProblem(key, path) ?? findProblem(member, path === '' ? key : `${path}.${key}`, ancestors)
    if (problem !== undefined) return problem
  }
  return undefined
}

function foreignProblem(value: object, path: string): string {
  if (isDate(value)) return `${at(path)} is a Date, which JSON cannot carry; give what its toISOString() returns`
  // oxlint-disable-next-line typescript/no-unnecessary-type-conversion -- A constructor may have a symbol as its name.
  return `${at(path)} is an instance of ${String(value.constructor?.name)}; give plain objects and lists`
}

/** What databases refuse in a text. */
export function textProblem(text: string, path: string): string | undefined {
  if (text.includes('\u0000')) return `${at(path)} holds the character NUL, which databases refuse`
  if (!text.isWellFormed()) return `${at(path)} holds half of a surrogate pair`
  return undefined
}

const at = (path: string): string => (path === '' ? 'the value' : `"${path}"`)
