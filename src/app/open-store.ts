import type { Clock } from '../clock/clock.ts'
import type { Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'
import { kindOf } from '../stores/store-kinds.ts'

/** Opens the books that the settings name. Only the kind of store that is asked for is loaded. A database that does not answer is given up when the signal is aborted. */
export function openStore(
  { database, sqlite, lease }: Pick<Settings, 'database' | 'sqlite' | 'lease'>,
  clock: Clock,
  signal?: AbortSignal
): Promise<Store> {
  const { synchronous } = sqlite
  return kindOf(database).open(database, { clock, synchronous, leaseTtlMs: lease.ttlMs, signal })
}
