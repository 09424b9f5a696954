import { auditEntryOf, type ChangeOptions, stampOf } from '../../core/access/by.ts'
import { checkOptions } from '../../core/options/options.ts'
import { newId } from '../../new-id.ts'
import { changeDoor } from '../doors.ts'
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

  /** No node claims from it any more. @throws EscapementError `options-invalid` */
  async pause(queue: string, options: ChangeOptions = {}): Promise<void> {
    checkOptions('queues.pause()', options, changeDoor)
    return this.#change(queue, true, options)
  }

  /** Nodes claim from it again. @throws EscapementError `options-invalid` */
  async resume(queue: string, options: ChangeOptions = {}): Promise<void> {
    checkOptions('queues.resume()', options, changeDoor)
    return this.#change(queue, false, options)
  }

  #change(queue: string, paused: boolean, { by }: ChangeOptions): Promise<void> {
    const action = paused ? 'queue.pause' : 'queue.resume'
    const audit = auditEntryOf(stampOf(by), { id: newId(), action, targetId: queue })
    return this.#caller.use(({ store }) => store.pauseQueue(queue, paused, audit))
  }
}
