import { EscapementError } from '../errors.ts'
import { describe } from '../options/names.ts'
import type { AnyTask } from './task.ts'
import { errorOf, messageOf } from './thrown.ts'

const MAX_ISSUES = 5

/** A schema's output for a payload, or why the schema rejects it. */
export type CheckedPayload = { readonly value: unknown } | { readonly problem: string }

/**
 * Checks a payload against the schema of its task; without a schema it passes unchanged. "No payload" is `undefined` in
 * code and `null` in the books: it passes if the schema takes either.
 *
 * @throws EscapementError `task-invalid` if the schema, which is users' code, throws or returns no valid result
 */
export function checkPayload(task: AnyTask, payload: unknown): CheckedPayload | Promise<CheckedPayload> {
  if (task.schema === undefined) return { value: payload }
  const first = ask(task, payload)
  if (payload !== null && payload !== undefined) return first
  const again = (answer: CheckedPayload): CheckedPayload | Promise<CheckedPayload> => {
    if ('value' in answer) return answer
    // The first problem names better what is missing.
    const better = (other: CheckedPayload): CheckedPayload => ('value' in other ? other : answer)
    const second = ask(task, payload === null ? undefined : null)
    return second instanceof Promise ? second.then(better) : better(second)
  }
  return first instanceof Promise ? first.then(again) : again(first)
}

function ask(task: AnyTask, payload: unknown): CheckedPayload | Promise<CheckedPayload> {
  const answer = guarded(task, () => {
    const given: unknown = task.schema!['~standard'].validate(payload)
    const isThenable = typeof (given as { then?: unknown } | undefined | null)?.then === 'function'
    return isThenable ? Promise.resolve(given) : given
  })
  const read = (given: unknown): CheckedPayload => guarded(task, () => checkedOf(given))
  if (!(answer instanceof Promise)) return read(answer)
  return answer.then(read, (cause: unknown) => {
    throw broken(task, cause)
  })
}

function guarded<T>(task: AnyTask, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    throw broken(task, cause)
  }
}

function broken({ name }: AnyTask, thrown: unknown): EscapementError {
  const cause = errorOf(thrown)
  return new EscapementError('task-invalid', `The schema of the task "${name}" failed: ${messageOf(cause)}`, { cause })
}

function checkedOf(answer: unknown): CheckedPayload {
  if (typeof answer !== 'object' || answer === null) throw notAnAnswer(answer)
  const { issues } = answer as { readonly issues?: unknown }
  if (issues === undefined && 'value' in answer) return { value: answer.value }
  if (!Array.isArray(issues)) throw notAnAnswer(answer)
  return { problem: issues.slice(0, MAX_ISSUES).map(inWords).join('; ') }
}

const notAnAnswer = (answer: unknown): Error =>
  new Error(`it returned ${describe(answer)}; a Standard Schema returns { value }, or { issues } with a list`)

/** With its path in the payload. */
function inWords(issue: unknown): string {
  const { message, path } = issue as { readonly message: unknown; readonly path?: readonly unknown[] | undefined }
  const at = (path ?? [])
    .map(part => String(typeof part === 'object' && part !== null ? (part as { key: unknown }).key : part))
    .join('.')
  return at === '' ? String(message) : `${at}: ${String(message)}`
}
