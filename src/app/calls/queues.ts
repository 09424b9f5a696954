import type { QueueState } from '../../store/reading.ts'
import type { Caller } from './caller.ts'

/** `escapement.queues`. */
export class QueueCalls {
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
  }

  list(): Promise<readonly QueueState[]> {
    return this.#caller.use(({ store }) => store.listQueues())
  }

  /** No node claims from it any more. */
  pause(queue: string): Promise<void> {
    return this.#caller.use(({ store }) => store.pauseQueue(queue, true))
  }

  resume(queue: string): Promise<void> {
    return this.#caller.use(({ store }) => store.pauseQueue(queue, false))
  }
}
