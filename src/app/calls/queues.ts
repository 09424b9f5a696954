import { type QueueView, viewOfQueue } from '../views.ts'
import type { Caller } from './caller.ts'

/**
 * `escapement.queues`.
 *
 * @example
 * ```ts
 * await app.queues.pause('mail')
 * const waiting = (await app.queues.list()).find(({ queue }) => queue === 'mail')?.counts.available ?? 0
 * ```
 */
export class QueueCalls {
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
  }

  /** All queues that have jobs or are paused, with their unfinished jobs by state. */
  async list(): Promise<readonly QueueView[]> {
    const queues = await this.#caller.use(({ store }) => store.listQueues())
    return queues.map(viewOfQueue)
  }

  /** No node claims from it any more. */
  pause(queue: string): Promise<void> {
    return this.#caller.use(({ store }) => store.pauseQueue(queue, true))
  }

  /** Nodes claim from it again. */
  resume(queue: string): Promise<void> {
    return this.#caller.use(({ store }) => store.pauseQueue(queue, false))
  }
}
