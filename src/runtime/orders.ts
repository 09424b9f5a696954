import type { AnyTask } from '../core/task.ts'
import type { SqlClient } from '../store/jobs.ts'
import { type Draft, draftFirst } from './bulk.ts'
import { type JobOptions, takeOptions } from './new-job.ts'
import { acceptedText, takePayload } from './payload.ts'

export interface EnqueueOptions extends JobOptions {
  /**
   * A connection of the app's, whose transaction the job becomes a part of: rolled back, it was never there. Books in
   * PostgreSQL only; `pg`'s clients as they are, others through `escapement/postgres`. Outside a transaction it is
   * written at once.
   */
  readonly client?: SqlClient
}

export interface EnqueueManyOptions<Input> extends Pick<
  EnqueueOptions,
  'client' | 'runAt' | 'delay' | 'queue' | 'priority'
> {
  /** What is said of one job alone; it goes before what is said of all. Called once or twice for each payload. */
  readonly each?: (payload: Input, index: number) => JobOptions
}

/** One job that is asked for: all that was given for it is read in the call, before anything is waited for. */
export interface Order {
  readonly task: AnyTask
  readonly text: string | Promise<string>
  readonly options: EnqueueOptions
}

const nothingSaid: EnqueueOptions = {}
const ignore = (): void => undefined

/** @throws EscapementError `payload-invalid`, `task-invalid` */
export function orderOf(task: AnyTask, payload: unknown, options: EnqueueOptions | undefined): Order {
  const text = acceptedText(task, takePayload(task, payload))
  // Whoever asked may hear of something else first.
  if (typeof text !== 'string') text.catch(ignore)
  return { task, text, options: options === undefined ? nothingSaid : takeOptions(options) }
}

export interface JobDraft extends Draft {
  readonly options: JobOptions
}

/** Many jobs that are asked for. Of a long list only the first are read in the call; it has to stay as it is meanwhile. */
export interface Orders {
  readonly task: AnyTask
  readonly count: number
  readonly first: readonly JobDraft[]
  readonly draft: (index: number) => JobDraft
  readonly client: SqlClient | undefined
}

/** @throws EscapementError `payload-invalid`, and what `each` throws. */
export function ordersOf<Input>(
  task: AnyTask,
  payloads: readonly Input[],
  { client, each, ...said }: EnqueueManyOptions<Input> = {}
): Orders {
  const common = takeOptions(said)
  const given = [...payloads]
  const draft = (index: number): JobDraft => {
    const payload = given[index]!
    const options = each === undefined ? common : takeOptions({ ...common, ...each(payload, index) })
    return { text: takePayload(task, payload), options }
  }
  return { task, count: given.length, first: draftFirst(given.length, draft), draft, client }
}
