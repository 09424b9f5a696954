import type { Job } from '../../core/job/job.ts'
import type { AnyTask } from '../../core/job/task.ts'
import { checkOptions } from '../../core/options/options.ts'
import type { SqlClient } from '../../store/jobs.ts'
import { type Draft, draftFirst } from './bulk.ts'
import type { EnqueueManyOptions, EnqueueOptions } from './enqueue-options.ts'
import { checkPayloads, enqueueDoor, enqueueManyDoor, jobDoor, refuseBothByAndClient } from './job-doors.ts'
import { type JobOptions, takeOptions } from './new-job.ts'
import { acceptedText, takePayload } from './payload.ts'

/** One job to enqueue. All its input is read within the call, before anything is awaited. */
export interface Order {
  readonly task: AnyTask
  /** Strict JSON. */
  readonly payloadText: string | Promise<string>
  readonly options: EnqueueOptions
  /** The finished job in whose place this one is tried. */
  readonly retries?: Job
}

const nothingSaid: EnqueueOptions = {}
const ignore = (): void => undefined

/** @throws EscapementError `options-invalid`, `payload-invalid`, `task-invalid` */
export function orderOf(task: AnyTask, payload: unknown, options: EnqueueOptions | undefined): Order {
  if (options !== undefined) checkOptions('enqueue()', options, enqueueDoor)
  if (options?.by !== undefined) refuseBothByAndClient(options)
  const payloadText = acceptedText(task, takePayload(task, payload))
  // The caller may fail earlier with another error. Then this rejection must not count as unhandled.
  if (typeof payloadText !== 'string') payloadText.catch(ignore)
  return { task, payloadText, options: options === undefined ? nothingSaid : takenOf(options) }
}

function takenOf(options: EnqueueOptions): EnqueueOptions {
  const taken = takeOptions(options)
  return taken.by === undefined ? taken : { ...taken, by: { ...taken.by } }
}

/** Checks the options that `each` returns for a payload. Undefined means no options. */
function checkedEach(given: JobOptions | undefined): JobOptions | undefined {
  if (given !== undefined) checkOptions('enqueueMany(): what each() returns', given, jobDoor)
  return given
}

export interface JobDraft extends Draft {
  readonly options: JobOptions
}

/** Many jobs to enqueue. Only the first of a long list are read within the call, so the others must not change. */
export interface Orders {
  readonly task: AnyTask
  readonly count: number
  readonly first: readonly JobDraft[]
  readonly draft: (index: number) => JobDraft
  readonly client: SqlClient | undefined
}

/** @throws EscapementError `options-invalid`, `payload-invalid`, and what `each` throws */
export function ordersOf<Input>(
  task: AnyTask,
  payloads: readonly Input[],
  options: EnqueueManyOptions<Input> = {}
): Orders {
  checkPayloads(payloads)
  checkOptions('enqueueMany()', options, enqueueManyDoor)
  const { client, each, ...said } = options
  const common = takeOptions(said)
  const given = [...payloads]
  const draft = (index: number): JobDraft => {
    const payload = given[index]!
    const options = each === undefined ? common : takeOptions({ ...common, ...checkedEach(each(payload, index)) })
    return { payloadText: takePayload(task, payload), options }
  }
  return { task, count: given.length, first: draftFirst(given.length, draft), draft, client }
}
