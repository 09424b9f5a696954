import cluster from 'node:cluster'
import type { Assignment, ToMaster, ToProcess } from '../protocol.ts'
import { ownSignals } from './own-signals.ts'
import { bothOrders, type StopOrder } from '../stop-order.ts'
import type { Supervisor } from './supervisor.ts'

/** How long a process may outlive its master, to give back what it holds. */
const ORPHAN_MS = 2_000
/** A frozen master never reads the last message. */
const LAST_WORDS_MS = 2_000

type Stopper = (order: StopOrder) => void

/** A process's connection to its master, in both directions. */
export class MasterLink implements Supervisor {
  #stopper: Stopper | undefined
  #order: StopOrder | undefined
  readonly #assignment = Promise.withResolvers<Assignment>()

  constructor() {
    // Otherwise Node ends the process as soon as its master is gone, before it gives back its jobs.
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
      // Sent to the whole group, it comes in addition to the master's order, perhaps repeatedly. Only the master raises
      // the haste.
      SIGTERM: () => this.#stop({ haste: 'graceful', hasSuccessor: false })
    })
    // The reader of this output may be gone, which is no reason to fail.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  }

  /** What to do. */
  assignment(): Promise<Assignment> {
    this.tell({ type: 'hello' })
    return this.#assignment.promise
  }

  /** Calls `stopper` for each order to stop, including one that has come already. */
  onStop(stopper: Stopper): void {
    this.#stopper = stopper
    if (this.#order !== undefined) stopper(this.#order)
  }

  tell(message: ToMaster): void {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
  }

  /** Sends a last message, and ends the process once it is sent. */
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
    // Nothing has begun yet, so nothing has to end in order.
    if (this.#stopper === undefined) process.exit(0)
    this.#stopper(order)
  }
}
