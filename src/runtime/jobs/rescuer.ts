import type { Clock } from '../../clock/clock.ts'
import { hasExpired, observe, type Observation } from '../../core/lease.ts'
import { isAlive, type NodeState } from '../../store/nodes.ts'
import type { Store } from '../../store/store.ts'
import type { Emitter } from '../events/emitter.ts'

export const SWEEP_EVERY_MS = 500
const RESCUE_BATCH = 500
/** Jobs can lack a live node although no node was declared lost just now: search for them now and then. */
const SWEEPS_PER_SEARCH = 10

export interface RescuerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly leaseTtlMs: number
  readonly renewEveryMs: number
}

/**
 * Watches the counters of all nodes, declares those that stand still lost, and frees the jobs of nodes that are gone.
 */
export class Rescuer {
  readonly #options: RescuerOptions
  #observations = new Map<string, Observation>()
  #sweeps = 0

  constructor(options: RescuerOptions) {
    this.#options = options
  }

  /** Checks everything once. Resolves with how many jobs were freed. */
  async sweep(): Promise<number> {
    const lost = await this.#declareLost()
    const searches = this.#sweeps++ % SWEEPS_PER_SEARCH === 0
    return lost > 0 || searches ? await this.#rescueAll() : 0
  }

  async #declareLost(): Promise<number> {
    const { store, clock, leaseTtlMs, renewEveryMs } = this.#options
    const askedAt = clock.monotonic()
    const alive = (await store.listNodes()).filter(isAlive)
    const answeredAt = clock.monotonic()
    const observations = new Map<string, Observation>()
    for (const { id, counter } of alive)
      observations.set(id, observe(this.#observations.get(id), { counter, askedAt, answeredAt }, renewEveryMs))
    this.#observations = observations
    const expired = alive.filter(node => hasExpired(observations.get(node.id) as Observation, leaseTtlMs))
    let lost = 0
    for (const node of expired) if (await this.#declare(node)) lost++
    return lost
  }

  async #declare(node: NodeState): Promise<boolean> {
    const { store, events } = this.#options
    const wasStill = await store.markLost(node.id, node.counter)
    if (wasStill) events.emit('node.declared-lost', { nodeId: node.id, host: node.host, pid: node.pid })
    return wasStill
  }

  async #rescueAll(): Promise<number> {
    const { store, events } = this.#options
    let freed = 0
    for (;;) {
      const rescued = await store.rescue(RESCUE_BATCH)
      freed += rescued.length
      for (const { id, task, scheduleId, node, state } of rescued)
        events.emit('job.rescued', { jobId: id, task, scheduleId, fromNode: node, state })
      if (rescued.length < RESCUE_BATCH) return freed
    }
  }
}
