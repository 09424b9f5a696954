import { type QueueView, viewOfQueue } from '../views.ts'
import type { Caller } from './caller.ts'

/** `escapement.queues`. */
export class QueueCalls {
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
  }

  async list(): Promise<readonly QueueView[]> {
    const queues = await this.#caller.use(({ store }) => store.listQueues())
    return queues.map(viewOfQueue)
  }

  /** No node claims from it any more. */
  pause(queue: string): Promise<void> {
    return this.#caller.use(({ store }) => store.pauseQueue(queue, true))
  }

  resume(queue: string): Promise<void> {
    return this.#caller.use(({ store }) => store.pauseQueue(queue, false))
  }
}
