import { inspect, types } from 'node:util'

/** More than anybody reads, and what a log or a row can still take. */
const LONGEST = 10_000
const MAX_INNER_ERRORS = 5

/**
 * What was thrown or rejected, as an error that can be read without a second thought: the very one, if it is an error of
 * texts; else one that describes it. Users' code throws anything, and this never throws, whatever its getters do.
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

/** What an error that `errorOf` answered says: its message, else what the errors in it say, else its name. Never empty. */
export function messageOf(error: Error): string {
  if (error.message !== '') return error.message
  const name = error.name === '' ? 'Error' : error.name
  const inner = innerOf(error).map(each => errorOf(each))
  return inner.length === 0
    ? name
    : cut(`${name}: ${[...new Set(inner.map(each => each.message || each.name))].join('; ')}`)
}

/** Those of an `AggregateError`, whose own message is mostly empty. */
function innerOf(error: Error): unknown[] {
  try {
    const inner = (error as Partial<AggregateError>).errors
    return Array.isArray(inner) ? inner.slice(0, MAX_INNER_ERRORS) : []
  } catch {
    return []
  }
}

/** What is read twice must be the same twice: so neither a proxy nor a getter of its own. */
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
  const message = cut(textOf(thrown, 'message') ?? firstLine(stack) ?? inWords(thrown))
  const error = new Error(message)
  // Where it was described is of no interest, and an app's Error.prepareStackTrace may throw.
  setHidden(error, 'stack', stack ?? `${name}: ${message}`)
  if (name !== 'Error') setHidden(error, 'name', name)
  if (code !== undefined) Object.assign(error, { code })
  return error
}

/** Of a stack this is name and message, as they were when it was thrown. */
const firstLine = (stack: string | undefined): string | undefined =>
  stack?.split('\n', 1)[0]?.replace(/[: ]+$/, '') || undefined

const setHidden = (error: Error, key: string, value: string): void =>
  void Object.defineProperty(error, key, { value, configurable: true, writable: true })

function inWords(thrown: unknown): string {
  if (typeof thrown === 'string' && thrown !== '') return thrown
  try {
    if (types.isPromise(thrown)) return ofPromise(thrown)
    return inspect(thrown, { depth: 1, breakLength: Infinity, customInspect: false, maxStringLength: 1_000 })
  } catch {
    return `a value of type ${typeof thrown} that cannot be read`
  }
}

/** Nobody waits for it any more: that it is rejected later must not end the process. */
function ofPromise(promise: Promise<unknown>): string {
  const nothing = (): void => undefined
  void Promise.prototype.then.call(promise, nothing, nothing)
  return 'a promise was thrown instead of an error'
}

function textOf(thrown: unknown, key: string): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  try {
    const text = (thrown as Record<string, unknown>)[key]
    return typeof text === 'string' && text !== '' ? cut(text) : undefined
  } catch {
    return undefined
  }
}

const cut = (text: string): string => text.slice(0, LONGEST)
