import { setImmediate as nextTurn } from 'node:timers/promises'
import { nodesHere, type Shared, stopShared } from './running.ts'

/** All nodes of this process, whoever holds them, for those who own the process and are about to end it. */
export class EveryNode {
  /** Those that are still starting included. */
  readonly #nodes: readonly Promise<Shared>[] = nodesHere()

  /** They begin nothing more, and resign; what runs goes on. */
  retire(): void {
    this.#each(({ node }) => void node.retire())
  }

  /** `beforeGivingUp`: called when handlers that ignored their signals are about to end with the process. */
  async stop(graceMs: number, beforeGivingUp: () => Promise<void>): Promise<void> {
    this.#each(({ node }) => node.endsWithProcess(beforeGivingUp))
    // Whoever was told to stop in this turn lets go first: its last calls are waited for before its books are closed.
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
