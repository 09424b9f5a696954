import { durationMs } from '../../core/options/duration.ts'
import { EscapementError } from '../../core/errors.ts'
import type { NewJob } from '../../core/job/job.ts'
import { checkName, describe } from '../../core/options/names.ts'
import type { AnyTask } from '../../core/job/task.ts'
import { type UniqueOptions, uniqueParts } from '../../core/job/unique.ts'
import { isInstant, isoOf } from '../../core/trigger/instant.ts'

/** The options of one job. */
export interface JobOptions {
  /**
   * Not before this instant, from 1970 to 9999.
   * @default now
   */
  readonly runAt?: Date | number
  /**
   * Not before this much later, at most 1,000 years. Not together with `runAt`.
   * @default 0
   */
  readonly delay?: number | string
  /** @default the task's */
  readonly queue?: string
  /**
   * -100 to 100. A lower number runs first.
   * @default the task's
   */
  readonly priority?: number
  /**
   * At most one unfinished job of the task may have it. A second enqueue returns `duplicate` and the first job's id.
   * @default none
   */
  readonly uniqueKey?: string
  /**
   * A unique key that is held for longer or shorter, or whose holder is replaced. Not together with `uniqueKey`.
   * @default none
   */
  readonly unique?: UniqueOptions
  /**
   * UUID in lower case. A repeated enqueue with the same id returns `exists`.
   * @default a new one
   */
  readonly id?: string
}

/** Copies the options at the call, since the caller may change them before the job is written. */
export function takeOptions<Options extends JobOptions>(options: Options): Options {
  const { runAt } = options
  // A Date, or an object used as one, can also be changed.
  const { unique } = options
  return {
    ...options,
    ...(typeof runAt === 'object' && { runAt: new Date(Number(runAt)) }),
    ...(typeof unique === 'object' && unique !== null && { unique: { ...unique } })
  }
}

/** Stores clamp a `runAt` in the past to now. */
const AT_ONCE = 0

/** The parts of a job that do not come from its caller. */
export interface JobCreation {
  readonly newId: () => string
  readonly now: number
}

/**
 * The job that a caller asks for; `payloadText` is strict JSON.
 *
 * @throws EscapementError `id-invalid`, `task-invalid`, `duration-invalid`
 */
export function newJob(task: AnyTask, payloadText: string, options: JobOptions, creation: JobCreation): NewJob {
  const { id, queue, priority, uniqueKey } = options
  // Most jobs have only these members. Written out: this is on the path of every enqueue, and spreads make copies.
  const job: NewJob = {
    id: id === undefined ? creation.newId() : checkId(id),
    task: task.name,
    queue: queue === undefined ? task.queue : checkName('The queue of a job', queue),
    priority: priority === undefined ? task.priority : checkPriority(priority),
    runAt: runAtOf(options, creation.now),
    payload: payloadText,
    uniqueKey: uniqueKey === undefined ? undefined : checkName('The unique key of a job', uniqueKey),
    scheduleId: undefined,
    fireAt: undefined,
    origin: 'enqueue',
    maxAttempts: task.maxAttempts,
    delivery: task.delivery,
    keepMs: task.keepMs
  }
  if (options.unique === undefined) return options.delay === undefined ? job : { ...job, isDelayed: true }
  if (uniqueKey !== undefined)
    throw new EscapementError('options-invalid', 'A job takes either uniqueKey or unique, not both.')
  const { keepMs, ...unique } = uniqueParts(options.unique, creation.now)
  const isDelayed = options.delay !== undefined && { isDelayed: true }
  return { ...job, ...unique, ...isDelayed, keepMs: Math.max(job.keepMs, keepMs) }
}

/** @throws EscapementError `duration-invalid` */
export function runAtOf({ runAt, delay }: Pick<JobOptions, 'runAt' | 'delay'>, now: number): number {
  if (runAt !== undefined && delay !== undefined)
    throw new EscapementError('duration-invalid', 'A job takes either runAt or delay, not both.')
  if (delay !== undefined) return now + durationMs(delay, 'The delay of a job')
  if (runAt === undefined) return AT_ONCE
  const at = Number(runAt)
  if (isInstant(at)) return at
  throw new EscapementError(
    'duration-invalid',
    `runAt is ${shown(runAt)}; it takes a Date or whole epoch milliseconds, from 1970 to 9999.`
  )
}

const shown = (runAt: Date | number): string => (runAt instanceof Date ? isoOf(runAt.getTime()) : describe(runAt))

function checkId(id: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id)) return id
  throw new EscapementError('id-invalid', `The id of a job is ${describe(id)}; it takes a UUID in lower case.`)
}

/** @throws EscapementError `task-invalid` */
export function checkPriority(priority: number): number {
  if (Number.isInteger(priority) && priority >= -100 && priority <= 100) return priority
  throw new EscapementError(
    'task-invalid',
    `The priority of a job is ${describe(priority)}; it takes a whole number from -100 to 100.`
  )
}
