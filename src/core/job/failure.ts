import type { Failure, InnerError } from './job.ts'
import { causeOf, errorOf, innerOf, messageOf } from './thrown.ts'

const MAX_MESSAGE = 2_000
const MAX_STACK = 4_000
const MAX_INNER_MESSAGE = 1_000
const MAX_INNER_STACK = 1_000
const MAX_CODE = 100
const MAX_DEPTH = 5
const MAX_INNER_ERRORS = 10

/**
 * An error from `errorOf`, as it is stored with the job: with the errors behind it, of limited length, in characters
 * that every database takes.
 */
export function failureOf({ attempt }: Pick<Failure, 'attempt'>, error: Error, at: number): Failure {
  return {
    attempt,
    at,
    message: storable(messageOf(error), MAX_MESSAGE),
    ...(error.stack === undefined ? {} : { stack: storable(error.stack, MAX_STACK) }),
    ...kept(error),
    ...behind(error, { seen: new Set([error]), depth: 1, room: { left: MAX_INNER_ERRORS } })
  }
}

/** Where in the chain of errors we are, and how many more may be kept. */
interface Place {
  readonly seen: ReadonlySet<unknown>
  readonly depth: number
  readonly room: { left: number }
}

function behind(error: Error, place: Place): Pick<Failure, 'cause' | 'errors'> {
  const cause = inner(causeOf(error), place)
  const errors = innerOf(error).flatMap(each => inner(each, place) ?? [])
  return { ...(cause === undefined ? {} : { cause }), ...(errors.length === 0 ? {} : { errors }) }
}

/** None for an error that is its own cause, and none beyond the limits. */
function inner(thrown: unknown, { seen, depth, room }: Place): InnerError | undefined {
  if (thrown === undefined || thrown === null || seen.has(thrown) || depth > MAX_DEPTH || room.left === 0)
    return undefined
  room.left -= 1
  const error = errorOf(thrown)
  const message = messageOf(error)
  const isNamed = error.name === '' || error.name === 'Error' || message.startsWith(error.name)
  return {
    message: storable(isNamed ? message : `${error.name}: ${message}`, MAX_INNER_MESSAGE),
    ...(error.stack === undefined ? {} : { stack: storable(error.stack, MAX_INNER_STACK) }),
    ...kept(error),
    ...behind(error, { seen: new Set([...seen, thrown]), depth: depth + 1, room })
  }
}

function kept(error: Error): { code?: string } {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? { code: storable(code, MAX_CODE) } : {}
}

const storable = (text: string, longest: number): string =>
  text.slice(0, longest).replaceAll('\u0000', '�').toWellFormed()

/** How many bytes its texts take. */
export function sizeOfFailure(failure: Failure | InnerError): number {
  const { message, stack = '', cause, errors = [] } = failure
  const sealed = 'sealed' in failure ? (failure.sealed?.data ?? '') : ''
  const own = Buffer.byteLength(message) + Buffer.byteLength(stack) + Buffer.byteLength(sealed)
  const behindIt = cause === undefined ? errors : [cause, ...errors]
  return behindIt.reduce((sum, each) => sum + sizeOfFailure(each), own)
}
