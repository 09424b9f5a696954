import type { Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'
import { type DatabaseAddress, kindOf } from '../stores/store-kinds.ts'
import type { Brought } from './schedules/declared.ts'
import type { EscapementNode } from './node.ts'

interface Started {
  readonly node: EscapementNode
  /** Closes what the node needed. */
  readonly ended: () => Promise<void>
}

export interface Shared extends Started {
  users: number
  stopped?: Promise<void>
  /** Its last user has let go: it can no longer be joined. */
  isEnding: boolean
  /** Awaited when the node has stopped, before what it needed is closed. */
  readonly finishing: (() => Promise<void>)[]
}

/** One user's share of a running node. */
export interface Running {
  /**
   * The last user's release stops the node and closes what it needed. Any other release takes back what its user
   * brought, and waits for at most `graceMs` for the handlers that run now.
   */
  release(graceMs: number): Promise<void>
  /** Something was written in this process. */
  wake(): void
  /** Shortens a stop under way. What others still use continues. */
  hurry(): void
  isStartedBy(store: Store | undefined): boolean
  /** A stop of the node begins with this and awaits it, no matter who stops the node. */
  beforeStop(resign: () => Promise<void>): void
  /** Awaited when the node has stopped, no matter who stops it, before what it needed is closed. */
  beforeEnd(finish: () => Promise<void>): void
}

// On the global object, so that a second copy of this module (a dev server's reload, a double import) finds it.
const registryKey = Symbol.for('escapement.running')
const registry = ((globalThis as Record<symbol, unknown>)[registryKey] ??= new Map()) as Map<
  string | symbol,
  Promise<Shared>
>

/**
 * Returns the node on these books in this process: a new one, or the one that already runs, which then takes over the
 * tasks and schedules. Books in memory belong to one Escapement each and are never shared.
 */
export async function runningOn(
  database: DatabaseAddress,
  settings: Brought & Pick<Settings, 'shutdownGraceMs'>,
  start: () => Promise<Started>
): Promise<Running> {
  const key = keyOf(database)
  const known = registry.get(key)
  const forget = (): void => void registry.delete(key)
  if (known === undefined) return holding(await startShared(key, start), forget)
  const shared = await known
  // It was let go meanwhile: start another one while it ends.
  if (shared.isEnding) return runningOn(database, settings, start)
  return joining(shared, settings, forget)
}

/** Adds a user: counted at once, so that the node does not end meanwhile, and released again after a failure. */
async function joining(
  shared: Shared,
  settings: Brought & Pick<Settings, 'shutdownGraceMs'>,
  forget: () => void
): Promise<Running> {
  shared.users++
  const { name, release, orphans, defaults, tasks, schedules } = settings
  const brought = { name, release, orphans, defaults, tasks, schedules }
  const held = holding(shared, forget, brought)
  try {
    await shared.node.adopt(brought)
  } catch (error) {
    await held.release(settings.shutdownGraceMs)
    throw error
  }
  return held
}

function keyOf(database: DatabaseAddress): string | symbol {
  return kindOf(database).key(database) ?? Symbol(database.kind)
}

/** Every node of this process, including those that are still starting. */
export const nodesHere = (): readonly Promise<Shared>[] => [...registry.values()]

/** Stops it once, however many ask for it, with the grace of the first. */
export function stopShared(shared: Shared, graceMs: number): Promise<void> {
  shared.stopped ??= stopOnce(shared, graceMs)
  return shared.stopped
}

async function stopOnce({ node, finishing, ended }: Shared, graceMs: number): Promise<void> {
  await node.stop(graceMs)
  await Promise.all(finishing.map(finish => finish()))
  await ended()
}

function startShared(key: string | symbol, start: () => Promise<Started>): Promise<Shared> {
  const starting = start().then(sharedBy)
  registry.set(key, starting)
  starting.catch(() => registry.delete(key))
  return starting
}

const sharedBy = (started: Started): Shared => ({ ...started, users: 1, isEnding: false, finishing: [] })

/** `brought` is what this user alone brought. For the first user it is what the node was made with. */
function holding(shared: Shared, forget: () => void, brought: Brought = shared.node.firstBrought): Running {
  return {
    wake: () => shared.node.wake(),
    hurry: () => {
      if (shared.stopped !== undefined) shared.node.hurry()
    },
    isStartedBy: store => shared.node.store === store,
    beforeStop: resign => shared.node.beforeStop(resign),
    beforeEnd: finish => void shared.finishing.push(finish),
    release: async graceMs => {
      shared.users--
      if (shared.users > 0) {
        await Promise.all([shared.node.handlersEnded(graceMs), shared.node.withdraw(brought)])
        return
      }
      shared.isEnding = true
      forget()
      await stopShared(shared, graceMs)
    }
  }
}
