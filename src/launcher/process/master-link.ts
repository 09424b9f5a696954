import cluster from 'node:cluster'
import type { Assignment, ToMaster, ToProcess } from '../protocol.ts'
import { ownSignals } from './own-signals.ts'
import { bothOrders, type StopOrder } from '../stop-order.ts'
import type { Supervisor } from './supervisor.ts'

/** So long a process may outlive its master, to give back what it holds. */
const ORPHAN_MS = 2_000
/** A master that stands still reads no last words. */
const LAST_WORDS_MS = 2_000

type Stopper = (order: StopOrder) => void

/** A process's line to its master: what it is told, and what it says. */
export class MasterLink implements Supervisor {
  #stopper: Stopper | undefined
  #order: StopOrder | undefined
  readonly #assignment = Promise.withResolvers<Assignment>()

  constructor() {
    // Node would end the process at once when its master is gone; what runs is to be given back first.
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true
    process.on('message', (message: ToProcess) => this.#hear(message))
    process.on('disconnect', () => {
      setTimeout(() => process.exit(1), ORPHAN_MS).unref()
      this.#stop({ haste: 'now', hasSuccessor: false })
    })
    ownSignals({
      // A terminal sends these to every process of the group; the master decides what they mean.
      SIGINT: () => undefined,
      SIGHUP: () => undefined,
      // Sent to the whole group it comes beside the master's order, perhaps more than once: how much haste there is the
      // master says.
      SIGTERM: () => this.#stop({ haste: 'graceful', hasSuccessor: false })
    })
    // Whoever read what is written here is gone: that is no reason to fail.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  }

  /** What to do. */
  assignment(): Promise<Assignment> {
    this.tell({ type: 'hello' })
    return this.#assignment.promise
  }

  /** The stopper is called for each order to stop, also for one that has come before. */
  onStop(stopper: Stopper): void {
    this.#stopper = stopper
    if (this.#order !== undefined) stopper(this.#order)
  }

  tell(message: ToMaster): void {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
  }

  /** Says it for the last time, and ends when it has left. */
  async tellAndEnd(message: ToMaster, status: number): Promise<never> {
    if (process.connected)
      await new Promise<void>(done => {
        setTimeout(done, LAST_WORDS_MS)
        process.send?.(message, undefined, undefined, () => done())
      })
    return process.exit(status)
  }

  #hear(message: ToProcess): void {
    if (message.type === 'assign') this.#assignment.resolve(message.assignment)
    else this.#stop(message)
  }

  #stop(order: StopOrder): void {
    this.#order = bothOrders(this.#order, order)
    // Before it has begun anything there is nothing to end in order.
    if (this.#stopper === undefined) process.exit(0)
    this.#stopper(order)
  }
}
