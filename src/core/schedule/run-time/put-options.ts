import { EscapementError } from '../../errors.ts'
import type { AnyTask, Task } from '../../job/task.ts'
import { wrongValue } from '../../options/options.ts'
import { type CommonScheduleOptions, type PayloadOption, type Schedule, schedule } from '../declare.ts'

type Policies = Omit<CommonScheduleOptions<unknown>, 'task' | 'runAtStart'>

/** What a schedule that is put at run time takes: all that `schedule()` takes, but for `runAtStart`. */
export type PutOptions<Input = unknown> = Policies & {
  /** The task that each fire runs, or the name of a task of this process. */
  readonly task: Task<Input> | string
} & PayloadOption<Input>

/** One of many schedules to put. */
export type ScheduleToPut<Input = unknown> = PutOptions<Input> & { readonly id: string }

/**
 * Checks a schedule that is put at run time as `schedule()` checks one that code declares.
 *
 * @throws EscapementError what `schedule()` throws; `task-unknown`
 */
export function declarePut(id: string, options: unknown, taskOf: (name: string) => AnyTask): Schedule {
  const given = Object(options) as { readonly task?: unknown; readonly runAtStart?: unknown }
  const who = `The schedule "${id}"`
  if (given.runAtStart !== undefined)
    throw new EscapementError(
      'schedule-invalid',
      `${who} has runAtStart, which is for schedules that code declares. Put it, and then call schedules.runNow(${JSON.stringify(id)}).`
    )
  if (typeof given.task === 'string') return schedule(id, withTask(given, taskOf(given.task)))
  if (given.task !== undefined && typeof (given.task as Partial<AnyTask> | null)?.handler !== 'function')
    throw wrongValue(`${who} has task`, given.task, aTask)
  return schedule(id, options as Parameters<typeof schedule>[1])
}

const aTask = {
  code: 'schedule-invalid',
  takes: 'what task() returns, or the name of a task of this process',
  allows: () => false
} as const

/** The same options with this task: inherited ones count, and those of the caller are not touched. */
const withTask = (options: object, task: AnyTask): Parameters<typeof schedule>[1] =>
  Object.create(options, { task: { value: task, enumerable: true } }) as Parameters<typeof schedule>[1]
