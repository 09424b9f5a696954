import { inspect, types } from 'node:util'
import { plainJson } from './plain-json.ts'

/** Characters that are kept of an error's text: more than anybody reads, and few enough for a log or a row. */
const LONGEST = 10_000
const MAX_INNER_ERRORS = 5

/**
 * Turns anything thrown into an error that is safe to read: the same one if its message, name and stack are plain
 * texts, else a new one that describes it. Never throws, even if the getters of the thrown value do.
 */
export function errorOf(thrown: unknown): Error {
  return isReadable(thrown) ? thrown : describing(thrown)
}

/** `instanceof`, also for a revoked proxy. */
export function isA<T>(thrown: unknown, kind: abstract new (...args: never[]) => T): thrown is T {
  try {
    return thrown instanceof kind
  } catch {
    return false
  }
}

/** The text of an error from `errorOf`: its message, else those of its inner errors, else its name. Never empty. */
export function messageOf(error: Error): string {
  if (error.message !== '') return error.message
  const name = error.name === '' ? 'Error' : error.name
  const inner = innerOf(error).map(each => errorOf(each))
  return inner.length === 0
    ? name
    : cut(`${name}: ${[...new Set(inner.map(each => each.message || each.name))].join('; ')}`)
}

/** The `cause` of an error, if it has one. */
export function causeOf(error: Error): unknown {
  try {
    return error.cause
  } catch {
    return undefined
  }
}

/** The first errors of an `AggregateError`, whose own message is usually empty. */
export function innerOf(error: Error): unknown[] {
  try {
    const inner = (error as Partial<AggregateError>).errors
    return Array.isArray(inner) ? inner.slice(0, MAX_INNER_ERRORS) : []
  } catch {
    return []
  }
}

/** Reading it twice must give the same: so it is no proxy, and has no getters of its own. */
function isReadable(thrown: unknown): thrown is Error {
  try {
    if (types.isProxy(thrown) || !(thrown instanceof Error)) return false
    const { message, name, stack } = thrown
    void (thrown as { code?: unknown }).code
    void thrown.cause
    return (
      typeof message === 'string' &&
      message.length <= LONGEST &&
      typeof name === 'string' &&
      (stack === undefined || typeof stack === 'string') &&
      !['message', 'name', 'code'].some(key => Object.getOwnPropertyDescriptor(thrown, key)?.get !== undefined)
    )
  } catch {
    return false
  }
}

function describing(thrown: unknown): Error {
  const name = textOf(thrown, 'name') ?? 'Error'
  const stack = textOf(thrown, 'stack')
  const code = textOf(thrown, 'code')
  const message = cut(messageIn(thrown) ?? firstLine(stack) ?? inWords(thrown))
  const error = new Error(message)
  // The stack of this place is of no use, and an app's Error.prepareStackTrace may throw.
  setHidden(error, 'stack', stack ?? `${name}: ${message}`)
  if (name !== 'Error') setHidden(error, 'name', name)
  if (code !== undefined) Object.assign(error, { code })
  for (const key of ['cause', 'errors']) {
    const inner = memberOf(thrown, key)
    if (inner !== undefined) setHidden(error, key, inner)
  }
  return error
}

/** Members that an error has a place for. */
const SHOWN = ['message', 'name', 'stack', 'code', 'cause', 'errors']

/** A plain object used as an error may say more than its message. */
function messageIn(thrown: unknown): string | undefined {
  const message = textOf(thrown, 'message')
  if (message === undefined) return undefined
  const details = plainJson(thrown, SHOWN)
  return details === undefined || details === '{}' ? message : `${message} ${details}`
}

/** The first line of a stack: name and message as they were when the error was thrown. */
const firstLine = (stack: string | undefined): string | undefined =>
  stack?.split('\n', 1)[0]?.replace(/[: ]+$/, '') || undefined

const setHidden = (error: Error, key: string, value: unknown): void =>
  void Object.defineProperty(error, key, { value, configurable: true, writable: true })

function inWords(thrown: unknown): string {
  if (typeof thrown === 'string' && thrown !== '') return thrown
  try {
    if (types.isPromise(thrown)) return ofPromise(thrown)
    const json = plainJson(thrown)
    if (json !== undefined) return json
    return inspect(thrown, { depth: 1, breakLength: Infinity, customInspect: false, maxStringLength: 1_000 })
  } catch {
    return `a value of type ${typeof thrown} that cannot be read`
  }
}

/** Nobody awaits this promise any more, so a later rejection must not end the process. */
function ofPromise(promise: Promise<unknown>): string {
  const nothing = (): void => undefined
  void Promise.prototype.then.call(promise, nothing, nothing)
  return 'a promise was thrown instead of an error'
}

function textOf(thrown: unknown, key: string): string | undefined {
  const text = memberOf(thrown, key)
  return typeof text === 'string' && text !== '' ? cut(text) : undefined
}

function memberOf(thrown: unknown, key: string): unknown {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  try {
    return (thrown as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}

const cut = (text: string): string => text.slice(0, LONGEST)
