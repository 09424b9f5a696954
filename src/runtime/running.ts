import type { DatabaseAddress, Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'
import type { EscapementNode } from './node.ts'

interface Started {
  readonly node: EscapementNode
  /** Closes what the node needed. */
  readonly ended: () => Promise<void>
}

export interface Shared extends Started {
  holders: number
  stopped?: Promise<void>
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
const registry = ((globalThis as Record<symbol, unknown>)[registryKey] ??= new Map()) as Map<
  string | symbol,
  Promise<Shared>
>

/**
 * The node on these books in this process: started now, or the one that runs already, which then takes over the tasks
 * and schedules. Books in memory belong to one Escapement each and are never shared.
 */
export async function runningOn(
  database: DatabaseAddress,
  settings: Settings,
  start: () => Promise<Started>
): Promise<Running> {
  const key = keyOf(database)
  const known = registry.get(key)
  if (known === undefined) return holding(await startShared(key, start), () => registry.delete(key))
  const shared = await known
  shared.holders++
  await shared.node.adopt(settings.tasks, settings.schedules)
  return holding(shared, () => registry.delete(key))
}

function keyOf(database: DatabaseAddress): string | symbol {
  if (database.kind === 'memory') return Symbol(database.kind)
  return database.kind === 'sqlite' ? database.file : `${database.url} ${database.schema}`
}

/** Every node of this process, also one that is still starting. */
export const nodesHere = (): readonly Promise<Shared>[] => [...registry.values()]

/** However many ask for it, it is stopped once, with the grace of the first. */
export function stopShared(shared: Shared, graceMs: number, beforeEnd?: () => Promise<void>): Promise<void> {
  shared.stopped ??= shared.node
    .stop(graceMs)
    .then(() => beforeEnd?.())
    .then(shared.ended)
  return shared.stopped
}

function startShared(key: string | symbol, start: () => Promise<Started>): Promise<Shared> {
  const starting = start().then(started => ({ ...started, holders: 1 }))
  registry.set(key, starting)
  starting.catch(() => registry.delete(key))
  return starting
}

function holding(shared: Shared, forget: () => void): Running {
  return {
    wake: () => shared.node.wake(),
    hurry: () => {
      if (shared.stopped !== undefined) shared.node.hurry()
    },
    isStartedBy: store => shared.node.store === store,
    beforeStop: resign => shared.node.beforeStop(resign),
    release: async (graceMs, beforeEnd) => {
      shared.holders--
      if (shared.holders > 0) return shared.node.handlersEnded(graceMs)
      forget()
      await stopShared(shared, graceMs, beforeEnd)
    }
  }
}
