import type { EventMap, EventName } from '../../src/core/events.ts'
import type { Job } from '../../src/core/job/job.ts'
import type { Emitter } from '../../src/runtime/events/emitter.ts'
import type { Store } from '../../src/store/store.ts'
import type { MemoryBooks } from '../../src/stores/memory/books.ts'
import { createMemoryBooks } from '../../src/stores/memory/books.ts'
import { openMemoryStore } from '../../src/stores/memory/store.ts'
import { idSequence } from '../../src/testing/ids.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { ManualNode, type ManualNodeOptions } from '../../src/testing/manual-node.ts'

/** When the clock of every lab begins. */
export const START = Date.UTC(2026, 0, 1)
export const RENEW_EVERY_MS = 5_000
export const LEASE_TTL_MS = 15_000
export const ABORT_GRACE_MS = 5_000

/** One set of books, one clock, and as many nodes as a test asks for, each on a connection that can be tampered with. */
export class Lab {
  readonly clock = new ManualClock(START)
  readonly books: MemoryBooks = createMemoryBooks('the-books')
  #nodes = 0

  node(options: ManualNodeOptions = {}): ManualNode {
    const newId = idSequence(++this.#nodes * 0x1_0000)
    return new ManualNode({ clock: this.clock, store: this.store(), newId, ...options })
  }

  async started(options: ManualNodeOptions = {}): Promise<ManualNode> {
    const node = this.node(options)
    await node.start()
    return node
  }

  store(): Store {
    return { ...openMemoryStore({ clock: this.clock, books: this.books }) }
  }

  /** A job that has to be there. */
  job(id: string): Job {
    const job = this.books.jobs.get(id)
    if (job === undefined) throw new Error(`There is no job ${id}.`)
    return job
  }

  /** The only job in the books. */
  get onlyJob(): Job {
    const [job, ...others] = this.books.jobs.values()
    if (job === undefined || others.length > 0) throw new Error(`There are ${this.books.jobs.size} jobs.`)
    return job
  }

  /** The other nodes watch for longer than a lease, while nobody but `alive` renews. */
  async outlast(watcher: ManualNode, alive: readonly ManualNode[] = []): Promise<void> {
    for (let passedMs = 0; passedMs <= LEASE_TTL_MS; passedMs += RENEW_EVERY_MS) {
      for (const node of [watcher, ...alive]) await node.renew()
      await watcher.sweep()
      this.clock.set(this.clock.now() + RENEW_EVERY_MS)
    }
  }
}

type Method = Exclude<keyof Store, 'traits' | 'id' | 'watch' | 'recordFault'>
type AnyMethod = (...args: readonly unknown[]) => Promise<unknown>

/** Puts something in the place of a method of the store, that may call the real one. Answers what takes it out again. */
export function tampered(store: Store, method: Method, around: (real: AnyMethod) => AnyMethod): () => void {
  const methods = store as unknown as Record<Method, AnyMethod>
  const real = methods[method]
  methods[method] = around(real)
  return () => void (methods[method] = real)
}

/** The next `times` calls of the method fail: before anything is written, or after, with the answer lost. */
export function failing(store: Store, method: Method, { times = 1, after = false } = {}): { calls: number } {
  const seen = { calls: 0 }
  tampered(store, method, real => async (...args) => {
    if (seen.calls++ >= times) return real(...args)
    if (after) await real(...args)
    throw new Error(`${method} failed`)
  })
  return seen
}

/** The next call of the method does its work at once; its answer waits until it is let go. */
export function withheld(store: Store, method: Method): { letGo: () => void; lose: () => void } {
  const gate = Promise.withResolvers<void>()
  const restore = tampered(store, method, real => async (...args) => {
    restore()
    const answer = await real(...args)
    await gate.promise
    return answer
  })
  return { letGo: () => gate.resolve(), lose: () => gate.reject(new Error(`${method} timed out`)) }
}

/** The facts of every such event, as they come. */
export function heard<Name extends EventName>(events: Emitter, name: Name): EventMap[Name][] {
  const facts: EventMap[Name][] = []
  events.on(name, fact => void facts.push(fact))
  return facts
}

/** Lets everything that is ready run. */
export const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
