import type { AnyTask } from '../../core/job/task.ts'
import type { ApiWrites } from '../../http/api-writes.ts'
import { type Order, orderOf } from '../../operations/enqueue/orders.ts'
import { retriedAs, retryOrder } from '../../operations/enqueue/retry-with.ts'
import { changeOf, takeUpdate } from '../../operations/job-update.ts'
import type { EnqueueAnswer } from '../../store/jobs.ts'
import { RunTimeSchedules } from '../calls/run-time-schedules.ts'
import { taskOf as taskIn } from '../doors.ts'
import type { ApiGround } from './ground.ts'

/** The changes of the management API that need the tasks of this app. */
export function apiWritesOf({ settings, caller, events }: ApiGround): ApiWrites {
  const schedules = new RunTimeSchedules(caller, settings, events)
  const taskOf = (name: string): AnyTask => taskIn(settings.tasks, name)
  const write = async (order: Order): Promise<EnqueueAnswer> => {
    const answer = await caller.use(({ enqueuer }) => enqueuer.write(order))
    caller.wake()
    return answer
  }
  return {
    putSchedule: (id, options, change, expected) => schedules.put(id, options, change, expected),
    updateSchedule: (id, options, change, expected) => schedules.update(id, options, change, expected),
    enqueue: async (task, payload, options) => write(orderOf(taskOf(task), payload, options)),
    retryWith: async (job, retry) => retriedAs(job, await write(retryOrder(job, taskOf(job.task), retry))),
    updateJob: async (id, update, change) => {
      const taken = takeUpdate(update)
      return caller.operateOn(async ({ store, clock, operator }) =>
        operator.change(id, await changeOf(id, taken, { store, clock, taskOf }), change)
      )
    }
  }
}
