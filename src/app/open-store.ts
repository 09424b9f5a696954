import type { Clock } from '../clock/clock.ts'
import type { Settings } from '../settings/settings.ts'
import type { OpenOptions } from '../store/kind.ts'
import type { Store } from '../store/store.ts'
import { kindOf } from '../stores/store-kinds.ts'

/**
 * Opens the books that the settings name, and loads only that kind of store. Aborting the signal gives up a database
 * that does not respond.
 */
export function openStore(
  { database, sqlite, lease }: Pick<Settings, 'database' | 'sqlite' | 'lease'>,
  { clock, signal, onOlderNodes }: Pick<OpenOptions, 'signal' | 'onOlderNodes'> & { readonly clock: Clock }
): Promise<Store> {
  const { synchronous } = sqlite
  return kindOf(database).open(database, { clock, synchronous, leaseTtlMs: lease.ttlMs, signal, onOlderNodes })
}
