import type { StandardSchemaV1 } from '@standard-schema/spec'
import { EscapementError } from '../core/errors.ts'
import { toStrictJson } from '../core/json.ts'
import { describe } from '../core/names.ts'
import { answerOf, issuesInWords } from '../core/schema.ts'
import type { AnyTask } from '../core/task.ts'
import { errorOf, messageOf } from '../core/thrown.ts'
import { isThenable } from './thenable.ts'

/** The payload of a job of this task as it is stored: strict JSON. What becomes of the value afterwards changes nothing. */
export function takePayload(task: AnyTask, payload: unknown): string {
  const json = toStrictJson(payload)
  if ('text' in json) return json.text
  throw new EscapementError(
    'payload-invalid',
    `The payload for the task "${task.name}" cannot be kept: ${json.problem}.`
  )
}

/** The same text, if the schema of the task accepts what the handler will get of it. */
export function acceptedText(task: AnyTask, text: string): string | Promise<string> {
  if (task.schema === undefined) return text
  const accepted = (checked: CheckedPayload): string => {
    if ('problem' in checked) throw refusedPayload(task, checked.problem)
    return text
  }
  const checked = checkPayload(task, JSON.parse(text))
  return checked instanceof Promise ? checked.then(accepted) : accepted(checked)
}

/** What the schema of a task makes of a payload, or why it does not accept it. */
export type CheckedPayload = { readonly value: unknown } | { readonly problem: string }

/** @throws EscapementError `task-invalid` when the schema itself fails, or answers what no schema does. */
export function checkPayload(task: AnyTask, payload: unknown): CheckedPayload | Promise<CheckedPayload> {
  if (task.schema === undefined) return { value: payload }
  const read = (answer: unknown): CheckedPayload => guarded(task, () => outcomeOf(task, answer))
  const answer = guarded(task, () => {
    const given: unknown = answerOf(task.schema!, payload)
    return isThenable(given) ? Promise.resolve(given) : given
  })
  if (!(answer instanceof Promise)) return read(answer)
  return answer.then(read, (cause: unknown) => {
    throw brokenSchema(task, cause)
  })
}

export const refusedPayload = (task: AnyTask, problem: string): EscapementError =>
  new EscapementError(
    'payload-invalid',
    `The payload for the task "${task.name}" does not satisfy its schema: ${problem}.`
  )

/** A schema is users' code: it may throw anything. */
function guarded<T>(task: AnyTask, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    throw brokenSchema(task, cause)
  }
}

function brokenSchema(task: AnyTask, cause: unknown): EscapementError {
  const error = errorOf(cause)
  return new EscapementError('task-invalid', `The schema of the task "${task.name}" failed: ${messageOf(error)}`, {
    cause: error
  })
}

interface SchemaAnswer {
  readonly value?: unknown
  readonly issues?: unknown
}

function outcomeOf(task: AnyTask, answer: unknown): CheckedPayload {
  if (typeof answer !== 'object' || answer === null) throw notAnAnswer(answer)
  const { issues } = answer as SchemaAnswer
  if (issues === undefined && 'value' in answer) return { value: (answer as SchemaAnswer).value }
  if (!Array.isArray(issues)) throw notAnAnswer(answer)
  return { problem: issuesInWords(issues as StandardSchemaV1.Issue[]) }
}

const notAnAnswer = (answer: unknown): Error =>
  new Error(`it answered ${describe(answer)}; a Standard Schema answers { value }, or { issues } with a list`)
