import { EscapementError } from '../../core/errors.ts'
import { seal } from '../../core/payload/codec.ts'
import { MAX_UNSEALED_BYTES, toStrictJson } from '../../core/options/json.ts'
import { type CheckedPayload, checkPayload } from '../../core/job/schema.ts'
import type { AnyTask } from '../../core/job/task.ts'

/** The payload as strict JSON, not sealed yet. Later changes of the value have no effect. */
export function takePayload(task: AnyTask, payload: unknown): string {
  const json = toStrictJson(payload, task.codecs && MAX_UNSEALED_BYTES)
  if ('text' in json) return json.text
  throw new EscapementError(
    'payload-invalid',
    `The payload for the task "${task.name}" cannot be kept: ${json.problem}.`
  )
}

/** The payload as it is stored, if the schema of the task accepts the value that the handler will get. */
export function acceptedText(task: AnyTask, payloadText: string): string | Promise<string> {
  if (task.schema === undefined) return storedText(task, payloadText)
  const accepted = (checked: CheckedPayload): string => {
    if ('problem' in checked) throw refusedPayload(task, checked.problem)
    return storedText(task, payloadText)
  }
  const checked = checkPayload(task, JSON.parse(payloadText))
  return checked instanceof Promise ? checked.then(accepted) : accepted(checked)
}

const storedText = ({ name, codecs }: AnyTask, payloadText: string): string =>
  codecs === undefined ? payloadText : seal(codecs, payloadText, `The payload for the task "${name}"`)

export const refusedPayload = (task: AnyTask, problem: string): EscapementError =>
  new EscapementError(
    'payload-invalid',
    `The payload for the task "${task.name}" does not satisfy its schema: ${problem}.`
  )
