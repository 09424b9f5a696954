import { task } from '../../../src/core/job/task.ts'
import type { ManualNode } from '../../../src/testing/manual-node.ts'
import { type Lab, RENEW_EVERY_MS } from '../lab.ts'

/** Between two looks of the claimers. */
export const STEP_MS = 100

/** Nodes that have always something to do: whatever queues are fed get a new job as soon as one was taken. */
export class Busy {
  readonly lab: Lab
  readonly nodes: ManualNode[] = []
  /** When each solo job began, from the beginning on; and what ran at that time. */
  readonly begun: { readonly atMs: number; readonly payload: unknown; readonly beside: number }[] = []
  claimed = 0
  #running = 0
  #passedMs = 0
  readonly #fed: (() => Promise<void>)[] = []

  constructor(lab: Lab) {
    this.lab = lab
  }

  /** A task whose jobs take so long. */
  taking(name: string, ms: number, delivery: 'at-least-once' | 'at-most-once' = 'at-least-once') {
    const handler = async (): Promise<void> => {
      this.claimed++
      this.#running++
      await this.lab.clock.sleep(ms)
      this.#running--
    }
    return task(name, { handler, delivery, keepCompleted: 0 })
  }

  /** A task that dies with its process at first, and then takes so long. */
  dying(name: string, ms = 50, delivery: 'at-least-once' | 'at-most-once' = 'at-least-once') {
    const handler = async ({ payload }: { payload: unknown }): Promise<void> => {
      this.begun.push({ atMs: this.#passedMs, payload, beside: this.#running })
      this.#running++
      await this.lab.clock.sleep(ms)
      this.#running--
    }
    return task(name, { handler, delivery })
  }

  /** Makes solo jobs of new jobs: claimed by a node that nobody has heard of, and rescued. */
  async makeSolo(of: ReturnType<Busy['dying']>, queues: readonly string[] = ['default']): Promise<void> {
    const store = this.lab.store()
    for (const queue of queues) {
      await this.nodes[0]!.enqueuer.enqueue(of, queue, { queue })
      await store.claim({ node: 'dead', tasks: [of.name], queues: [queue], limit: 1, mayTakeSolo: false })
    }
    await store.rescue(queues.length)
  }

  feed(of: ReturnType<Busy['taking']>, queue: string): void {
    this.#fed.push(async () => {
      const { items } = await this.lab.store().listJobs({ task: of.name, queue, state: 'available' }, { limit: 20 })
      for (let job = items.length; job < 20; job++) await this.nodes[0]!.enqueuer.enqueue(of, null, { queue })
    })
  }

  /** All that the loops do, every 100 ms, until so much time has passed or the condition holds. */
  async run(ms: number, until: () => boolean = () => false): Promise<void> {
    for (const end = this.#passedMs + ms; this.#passedMs < end && !until();) {
      for (const feed of this.#fed) await feed()
      for (const node of this.nodes) {
        await node.claim()
        await node.settle()
        if (this.#passedMs % RENEW_EVERY_MS === 0) await node.renew()
      }
      this.#passedMs += STEP_MS
      await this.lab.clock.advance(STEP_MS)
    }
  }
}
