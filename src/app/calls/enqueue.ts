import type { PayloadOf, TaskName } from '../../core/job/task-registry.ts'
import type { AnyTask, Task } from '../../core/job/task.ts'
import type { EnqueueManyOptions, EnqueueOptions } from '../../operations/enqueue/enqueue-options.ts'
import { orderOf, ordersOf } from '../../operations/enqueue/orders.ts'
import type { ResultWaits } from '../../operations/results.ts'
import type { EnqueueAnswer } from '../../store/jobs.ts'
import { type Enqueued, enqueued } from '../enqueued.ts'
import type { Caller } from './caller.ts'

/** `escapement.enqueue`. */
export interface Enqueue {
  <Input, Result = unknown>(
    task: Task<Input, Result>,
    payload: NoInfer<Input>,
    options?: EnqueueOptions
  ): Promise<Enqueued<Result>>
  <Name extends TaskName>(task: Name, payload: PayloadOf<Name>, options?: EnqueueOptions): Promise<Enqueued>
}

/** `escapement.enqueueMany`. */
export interface EnqueueMany {
  <Input, Item extends NoInfer<Input>>(
    task: Task<Input>,
    payloads: readonly Item[],
    options?: EnqueueManyOptions<Item>
  ): Promise<EnqueueAnswer[]>
  <Name extends TaskName, Item extends PayloadOf<Name>>(
    task: Name,
    payloads: readonly Item[],
    options?: EnqueueManyOptions<Item>
  ): Promise<EnqueueAnswer[]>
}

export interface EnqueueParts {
  readonly caller: Caller
  /** @throws EscapementError `task-unknown` */
  readonly taskOf: (given: AnyTask | string) => AnyTask
  readonly results: ResultWaits
}

export const enqueueWith = ({ caller, taskOf, results }: EnqueueParts): Enqueue =>
  (async (task: AnyTask | string, payload: unknown, options?: EnqueueOptions): Promise<Enqueued> => {
    const known = taskOf(task)
    const order = orderOf(known, payload, options)
    const answer = await caller.use(({ enqueuer }) => enqueuer.write(order))
    if (order.options.client === undefined) caller.wake()
    return enqueued(answer, known, results)
  }) as Enqueue

export const enqueueManyWith = ({ caller, taskOf }: EnqueueParts): EnqueueMany =>
  (async (
    task: AnyTask | string,
    payloads: readonly unknown[],
    options?: EnqueueManyOptions<unknown>
  ): Promise<EnqueueAnswer[]> => {
    const orders = ordersOf(taskOf(task), payloads, options)
    const answers = await caller.use(({ enqueuer }) => enqueuer.writeMany(orders))
    if (orders.client === undefined) caller.wake()
    return answers
  }) as EnqueueMany
