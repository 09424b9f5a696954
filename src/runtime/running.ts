import type { DatabaseAddress, Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'
import type { EscapementNode } from './node.ts'

interface Started {
  readonly node: EscapementNode
  /** Closes what the node needed. */
  readonly ended: () => Promise<void>
}

interface Shared extends Started {
  holders: number
}

/** One holder's share in a running node. */
export interface Running {
  /**
   * The last holder's release stops the node, and closes what it needed once `beforeEnd` is done. The others' only waits,
   * as long, for what its handlers do now.
   */
  release(graceMs: number, beforeEnd?: () => Promise<void>): Promise<void>
  /** Something was written in this process. */
  wake(): void
  /** Shortens a stop that is under way; what others still hold goes on. */
  hurry(): void
  isStartedBy(store: Store | undefined): boolean
  /** What a stop of the node begins with and waits for, whoever stops it. */
  beforeStop(resign: () => Promise<void>): void
}

// Kept on the global object: a second copy of this module (a dev server's reload, a double import) has to find it.
const registryKey = Symbol.for('escapement.running')
const registry = ((globalThis as Record<symbol, unknown>)[registryKey] ??= new Map()) as Map<string, Promise<Shared>>

/**
 * The node on these books in this process: started now, or the one that runs already, which then takes over the tasks
 * and schedules. Books in memory belong to one Escapement each and are never shared.
 */
export async function runningOn(
  database: DatabaseAddress,
  settings: Settings,
  start: () => Promise<Started>
): Promise<Running> {
  if (database.kind === 'memory') return holding({ ...(await start()), holders: 1 }, () => undefined)
  const key = database.kind === 'sqlite' ? database.file : `${database.url} ${database.schema}`
  const known = registry.get(key)
  if (known === undefined) return holding(await startShared(key, start), () => registry.delete(key))
  const shared = await known
  shared.holders++
  await shared.node.adopt(settings.tasks, settings.schedules)
  return holding(shared, () => registry.delete(key))
}

/** Ends every node of this process, whoever holds it: for those who own the process and are about to end it. */
export async function stopEveryNode(graceMs: number): Promise<void> {
  const shared = await Promise.allSettled(registry.values())
  registry.clear()
  const started = shared.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
  await Promise.all(started.map(({ node, ended }) => node.stop(graceMs).then(ended)))
}

function startShared(key: string, start: () => Promise<Started>): Promise<Shared> {
  const starting = start().then(started => ({ ...started, holders: 1 }))
  registry.set(key, starting)
  starting.catch(() => registry.delete(key))
  return starting
}

function holding(shared: Shared, forget: () => void): Running {
  return {
    wake: () => shared.node.wake(),
    hurry: () => {
      if (shared.holders === 0) void shared.node.stop(0)
    },
    isStartedBy: store => shared.node.store === store,
    beforeStop: resign => shared.node.beforeStop(resign),
    release: async (graceMs, beforeEnd) => {
      shared.holders--
      if (shared.holders > 0) return shared.node.handlersEnded(graceMs)
      forget()
      await shared.node.stop(graceMs)
      await beforeEnd?.()
      await shared.ended()
    }
  }
}
