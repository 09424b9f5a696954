import { EscapementError } from '../core/errors.ts'
import { toStrictJson } from '../core/json.ts'
import type { AnyTask } from '../core/task.ts'

/** The payload of a job of this task as it is stored: the caller's input, in strict JSON, if the schema accepts it. */
export function payloadText(task: AnyTask, payload: unknown): string | Promise<string> {
  const json = toStrictJson(payload)
  if ('problem' in json)
    throw new EscapementError(
      'payload-invalid',
      `The payload for the task "${task.name}" cannot be kept: ${json.problem}.`
    )
  const validated = validate(task, payload)
  return validated instanceof Promise ? validated.then(() => json.text) : json.text
}

/** What the task's schema makes of a payload; the payload itself where the task has none. */
export function validate(task: AnyTask, payload: unknown): unknown {
  if (task.schema === undefined) return payload
  const answer = task.schema['~standard'].validate(payload)
  return answer instanceof Promise ? answer.then(result => outputOf(task, result)) : outputOf(task, answer)
}

interface SchemaAnswer {
  readonly value?: unknown
  readonly issues?: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] | undefined
}

function outputOf(task: AnyTask, answer: SchemaAnswer): unknown {
  if (answer.issues === undefined) return answer.value
  const issues = answer.issues.slice(0, 5).map(({ message, path }) => {
    const at = (path ?? [])
      .map(part => String(typeof part === 'object' && part !== null ? (part as { key: unknown }).key : part))
      .join('.')
    return at === '' ? message : `${at}: ${message}`
  })
  throw new EscapementError(
    'payload-invalid',
    `The payload for the task "${task.name}" does not satisfy its schema: ${issues.join('; ')}.`
  )
}
