import type { Clock } from './clock/clock.ts'
import type { Settings } from './settings/settings.ts'
import type { Store } from './store/store.ts'

/** Opens the books that the settings name. Only the kind of store that is asked for is loaded. */
export async function openStore(settings: Pick<Settings, 'database' | 'synchronous'>, clock: Clock): Promise<Store> {
  const { database, synchronous } = settings
  if (database.kind === 'memory') {
    const { openMemoryStore } = await import('./stores/memory/store.ts')
    return openMemoryStore({ clock })
  }
  if (database.kind === 'postgres') {
    const { openPostgresStore } = await import('./stores/postgres/store.ts')
    const { url, schema, poolSize, listenUrl } = database
    return openPostgresStore({ connection: url, schema, poolSize, ...(listenUrl !== undefined && { listenUrl }) })
  }
  const { openSqliteStore } = await import('./stores/sqlite/store.ts')
  return openSqliteStore({ file: database.file, clock, synchronous })
}
