import { setTimeout as sleep } from 'node:timers/promises'
import { createEscapement, type Escapement, type Store } from '../../src/index.ts'
import { ask, withChildren } from '../children.ts'
import { BATCH, loadJobs, loadTask, type Progress, urgentTask } from './load.ts'
import { monotonicMs } from './monotonic.ts'

/** How often the worker is asked how far it is. */
const LOOK_EVERY_MS = 10

const urgent = urgentTask(() => undefined)

export interface Feeding {
  readonly ms: number
  /** New jobs a second; by default as many as were handled, so that the backlog stays as deep as it is. */
  readonly jobsPerSecond?: number
  readonly urgentEveryMs: number
}

export interface Fed {
  /** Handlers entered. */
  readonly jobsPerSecond: number
  /** From the sending of each urgent job to its handler. */
  readonly urgentMs: readonly number[]
}

interface Parts {
  readonly escapement: Escapement
  readonly store: Store
  readonly look: () => Promise<Progress>
}

/** Feeds books on which a worker process works. */
export class Feeder {
  readonly #parts: Parts
  /**
   * How many jobs were put in for those that were handled, since the worker began: it may work off a short backlog
   * before it is looked at.
   */
  #replaced = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async feed(feeding: Feeding): Promise<Fed> {
    const { entered: before } = await this.#parts.look()
    const begunAt = monotonicMs()
    const [{ entered, urgentMs }] = await Promise.all([this.#keepFed(feeding), this.#sendUrgent(feeding)])
    return { jobsPerSecond: ((entered - before) / (monotonicMs() - begunAt)) * 1_000, urgentMs }
  }

  async #keepFed({ ms, jobsPerSecond }: Feeding): Promise<Progress> {
    const begunAt = monotonicMs()
    const urgentMs: number[] = []
    let fed = 0
    for (; ; await sleep(LOOK_EVERY_MS)) {
      const progress = await this.#parts.look()
      urgentMs.push(...progress.urgentMs)
      const elapsedMs = monotonicMs() - begunAt
      if (elapsedMs >= ms) return { entered: progress.entered, urgentMs }
      const isReplacing = jobsPerSecond === undefined
      const wanted = isReplacing ? progress.entered - this.#replaced : (jobsPerSecond * elapsedMs) / 1_000 - fed
      const lacking = Math.max(0, Math.min(BATCH, Math.floor(wanted)))
      if (lacking > 0) await this.#parts.store.enqueue(loadJobs(lacking))
      if (isReplacing) this.#replaced += lacking
      fed += lacking
    }
  }

  async #sendUrgent({ ms, urgentEveryMs }: Feeding): Promise<void> {
    for (const until = monotonicMs() + ms; monotonicMs() < until; await sleep(urgentEveryMs))
      await this.#parts.escapement.enqueue(urgent, { sentAt: monotonicMs() })
  }
}

/** Starts a worker process on the books for the use of them. */
export async function withFeeder<T>(database: string, use: (feeder: Feeder) => Promise<T>): Promise<T> {
  const tasks = [loadTask(() => undefined), urgent]
  const escapement = createEscapement({ database, tasks, roles: ['web'], logger: false })
  const store = await escapement.store()
  try {
    const worker = { count: 1, args: [database] }
    return await withChildren(new URL('load-child.ts', import.meta.url), worker, children =>
      use(new Feeder({ escapement, store, look: async () => (await ask<Progress>(children, 'progress'))[0]! }))
    )
  } finally {
    await escapement.stop()
  }
}
