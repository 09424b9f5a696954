import type { Clock } from '../clock/clock.ts'
import { EscapementError } from '../core/errors.ts'
import { toStrictJson } from '../core/options/json.ts'
import { judgedLater } from '../core/options/forms.ts'
import { checkOptions, door } from '../core/options/options.ts'
import type { AnyTask } from '../core/job/task.ts'
import type { JobChange } from '../store/jobs.ts'
import type { Store } from '../store/store.ts'
import { anInstant } from './enqueue/job-doors.ts'
import { checkPriority, type JobOptions, runAtOf, takeOptions } from './enqueue/new-job.ts'
import { acceptedText } from './enqueue/payload.ts'

/** What to change of a job that waits; at least one of these. */
export interface JobUpdate extends Pick<JobOptions, 'runAt' | 'delay' | 'priority'> {
  /** Only of a job that has never begun. Checked by the schema of its task. */
  readonly payload?: unknown
}

const updateDoor = door<JobUpdate>('options-invalid', {
  runAt: anInstant,
  delay: judgedLater,
  priority: judgedLater,
  payload: judgedLater
})

/** An update whose values were read within the call. */
export interface TakenUpdate {
  readonly options: Pick<JobUpdate, 'runAt' | 'delay' | 'priority'>
  /** JSON. */
  readonly payload: string | undefined
}

/** @throws EscapementError `options-invalid`, `payload-invalid`, `task-invalid`, `duration-invalid` */
export function takeUpdate(update: JobUpdate): TakenUpdate {
  checkOptions('jobs.update()', update, updateDoor)
  const { payload, ...options } = update
  if (Object.values(update).every(value => value === undefined))
    throw new EscapementError(
      'options-invalid',
      'jobs.update() got nothing to change; it takes at least one of runAt, delay, priority and payload.'
    )
  if (options.priority !== undefined) checkPriority(options.priority)
  runAtOf(options, 0)
  if (payload === undefined) return { options: takeOptions(options), payload: undefined }
  const json = toStrictJson(payload)
  if ('problem' in json)
    throw new EscapementError('payload-invalid', `The payload of jobs.update() cannot be kept: ${json.problem}.`)
  return { options: takeOptions(options), payload: json.text }
}

/** The change, once its payload has been checked by the task of the job, which must be known here. */
export async function changeOf(
  id: string,
  { options, payload }: TakenUpdate,
  { store, clock, taskOf }: { readonly store: Store; readonly clock: Clock; readonly taskOf: (name: string) => AnyTask }
): Promise<JobChange> {
  const { runAt, delay, priority } = options
  const at = runAt === undefined && delay === undefined ? undefined : runAtOf(options, clock.now())
  const job = payload === undefined ? undefined : await store.readJob(id)
  const checked = job === undefined ? payload : await acceptedText(taskOf(job.task), payload!)
  return { runAt: at, priority, payload: checked }
}
