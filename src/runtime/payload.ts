import type { StandardSchemaV1 } from '@standard-schema/spec'
import { EscapementError } from '../core/errors.ts'
import { toStrictJson } from '../core/json.ts'
import { answerOf, issuesInWords } from '../core/schema.ts'
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
  const answer = answerOf(task.schema, payload)
  return answer instanceof Promise ? answer.then(result => outputOf(task, result)) : outputOf(task, answer)
}

function outputOf(task: AnyTask, answer: StandardSchemaV1.Result<unknown>): unknown {
  if (answer.issues === undefined) return answer.value
  throw new EscapementError(
    'payload-invalid',
    `The payload for the task "${task.name}" does not satisfy its schema: ${issuesInWords(answer.issues)}.`
  )
}
