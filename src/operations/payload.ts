import { EscapementError } from '../core/errors.ts'
import { toStrictJson } from '../core/options/json.ts'
import { type CheckedPayload, checkPayload } from '../core/job/schema.ts'
import type { AnyTask } from '../core/job/task.ts'

/**
 * The payload of a job of this task as it is stored: strict JSON. What becomes of the value afterwards changes nothing.
 */
export function takePayload(task: AnyTask, payload: unknown): string {
  const json = toStrictJson(payload)
  if ('text' in json) return json.text
  throw new EscapementError(
    'payload-invalid',
    `The payload for the task "${task.name}" cannot be kept: ${json.problem}.`
  )
}

/** The same text, if the schema of the task accepts what the handler will get of it. */
export function acceptedText(task: AnyTask, payloadText: string): string | Promise<string> {
  if (task.schema === undefined) return payloadText
  const accepted = (checked: CheckedPayload): string => {
    if ('problem' in checked) throw refusedPayload(task, checked.problem)
    return payloadText
  }
  const checked = checkPayload(task, JSON.parse(payloadText))
  return checked instanceof Promise ? checked.then(accepted) : accepted(checked)
}

export const refusedPayload = (task: AnyTask, problem: string): EscapementError =>
  new EscapementError(
    'payload-invalid',
    `The payload for the task "${task.name}" does not satisfy its schema: ${problem}.`
  )
