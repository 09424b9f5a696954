import type { Clock } from './clock/clock.ts'
import type { Settings } from './settings/settings.ts'
import type { Store } from './store/store.ts'

const LONGEST_QUERY_MS = 10_000
/** A renewal that hears nothing is given up while there is time for another one. */
const QUERY_PART_OF_LEASE = 2 / 3

/** Opens the books that the settings name. Only the kind of store that is asked for is loaded. A database that does not answer is given up when the signal is aborted. */
export async function openStore(
  { database, sqlite, lease }: Pick<Settings, 'database' | 'sqlite' | 'lease'>,
  clock: Clock,
  signal?: AbortSignal
): Promise<Store> {
  if (database.kind === 'memory') {
    const { openMemoryStore } = await import('./stores/memory/store.ts')
    return openMemoryStore({ clock })
  }
  if (database.kind === 'postgres') {
    const { openPostgresStore } = await import('./stores/postgres/store.ts')
    const { url, schema, poolSize, listenUrl } = database
    const operationTimeoutMs = Math.min(LONGEST_QUERY_MS, Math.floor(lease.ttlMs * QUERY_PART_OF_LEASE))
    const listening = listenUrl !== undefined && { listenUrl }
    return openPostgresStore({ connection: url, schema, poolSize, operationTimeoutMs, signal, ...listening })
  }
  const { openSqliteStore } = await import('./stores/sqlite/store.ts')
  return openSqliteStore({ file: database.file, clock, synchronous: sqlite.synchronous })
}
