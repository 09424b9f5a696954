import { systemClock } from '../../clock/system.ts'
import { EscapementError } from '../../core/errors.ts'
import type { Escapement } from '../../index.ts'
import { shownAddress } from '../../settings/database-address.ts'
import type { Store } from '../../store/store.ts'
import { type DatabaseAddress, kindOf } from '../../stores/store-kinds.ts'
import type { CommonOptions } from '../command.ts'
import { loadConfig, type LoadedConfig } from '../config-file.ts'
import { WrongUse } from '../failures.ts'

/** The address of the books, without a password. */
export const databaseUrl = shownAddress

/** Opens existing books only: a mistyped path must not create empty ones. */
export async function withBooks<T>(
  options: CommonOptions,
  use: (store: Store, loaded: LoadedConfig) => Promise<T>
): Promise<T> {
  const loaded = await loadConfig(options)
  await assertThere(loaded.settings.database)
  const { openStore } = await import('../../app/open-store.ts')
  const store = await openStore(loaded.settings, { clock: systemClock })
  try {
    return await use(store, loaded)
  } finally {
    await store.close()
  }
}

/** Passes an Escapement that is not started: it changes the books by the rules and runs nothing. */
export async function withEscapement<T>(
  options: CommonOptions,
  use: (escapement: Escapement, store: Store) => Promise<T>
): Promise<T> {
  const { config, settings } = await loadConfig(options)
  await assertThere(settings.database)
  const { createEscapement } = await import('../../index.ts')
  const escapement = createEscapement(config)
  try {
    return await use(escapement, await escapement.store())
  } finally {
    await escapement.stop()
  }
}

/** Refuses books that only the process that keeps them can see: here they would be empty. */
export function assertShared(database: DatabaseAddress): void {
  const { reach, location } = kindOf(database)
  if (reach === 'process')
    throw new WrongUse(
      `Books in ${location(database)} can be seen only by the process that keeps them; name others with --database.`
    )
}

async function assertThere(database: DatabaseAddress): Promise<void> {
  assertShared(database)
  if (await isThere(database)) return
  throw new EscapementError(
    'store-unavailable',
    `There are no books at ${kindOf(database).location(database)}: start the app once, or create them with "escapement migrate". --database names others.`
  )
}

/** Whether an app or "escapement migrate" has created books that this process can see. */
export const isThere = async (database: DatabaseAddress): Promise<boolean> =>
  (await kindOf(database).exists?.(database)) ?? false
