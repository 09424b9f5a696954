import { setImmediate as nextTurn } from 'node:timers/promises'
import { nodesHere, type Shared, stopShared } from './running.ts'

/** All nodes of this process, no matter who uses them, for code that owns the process and is about to end it. */
export class EveryNode {
  /** Including those that are still starting. */
  readonly #nodes: readonly Promise<Shared>[] = nodesHere()

  /** Begins nothing more, and resigns from seats. Running jobs continue. */
  retire(): void {
    this.#each(({ node }) => void node.retire())
  }

  /** `beforeGivingUp` is called when handlers that ignored their signals are about to end with the process. */
  async stop(graceMs: number, beforeGivingUp: () => Promise<void>): Promise<void> {
    this.#each(({ node }) => node.endsWithProcess(beforeGivingUp))
    // Escapements that were told to stop in this turn let go first: their last calls are awaited before their books
    // close.
    await nextTurn()
    await Promise.all(
      this.#nodes.map(async starting => {
        const shared = await starting.catch(() => undefined)
        if (shared !== undefined) await stopShared(shared, graceMs)
      })
    )
  }

  hurry(): void {
    this.#each(({ node }) => node.hurry())
  }

  #each(act: (shared: Shared) => void): void {
    for (const starting of this.#nodes) void starting.then(act, () => undefined)
  }
}
