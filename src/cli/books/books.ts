import { existsSync } from 'node:fs'
import { systemClock } from '../../clock/system.ts'
import { EscapementError } from '../../core/errors.ts'
import type { Escapement } from '../../index.ts'
import { shownAddress } from '../../settings/database-address.ts'
import type { DatabaseAddress } from '../../settings/settings.ts'
import type { Store } from '../../store/store.ts'
import type { CommonOptions } from '../command.ts'
import { loadConfig, type LoadedConfig } from '../config-file.ts'
import { WrongUse } from '../failures.ts'

/** Books that other processes see, too. */
export type SharedAddress = Exclude<DatabaseAddress, { kind: 'memory' }>

/** The books as people write them, without a password. */
export const databaseUrl = shownAddress

/** Opens books that are there already: a mistyped path must not be answered with empty ones. */
export async function withBooks<T>(
  options: CommonOptions,
  use: (store: Store, loaded: LoadedConfig) => Promise<T>
): Promise<T> {
  const loaded = await loadConfig(options)
  await assertThere(loaded.settings.database)
  const { openStore } = await import('../../open-store.ts')
  const store = await openStore(loaded.settings, systemClock)
  try {
    return await use(store, loaded)
  } finally {
    await store.close()
  }
}

/** An Escapement that is not started: it changes the books by the rules and runs nothing. */
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

/** Books in memory are another process's, and this one would see empty ones. */
export function assertShared(database: DatabaseAddress): asserts database is SharedAddress {
  if (database.kind !== 'memory') return
  throw new WrongUse('Books in memory are only seen by the process that keeps them; name others with --database.')
}

async function assertThere(database: DatabaseAddress): Promise<void> {
  assertShared(database)
  if (await isThere(database)) return
  const place = database.kind === 'sqlite' ? database.file : `${shownAddress(database)}, schema ${database.schema}`
  throw new EscapementError(
    'store-unavailable',
    `There are no books at ${place}: start the app once, or make them with "escapement migrate". --database names others.`
  )
}

/** Whether an app, or "escapement migrate", has made the books. */
export async function isThere(database: DatabaseAddress): Promise<boolean> {
  if (database.kind === 'memory') return false
  if (database.kind === 'sqlite') return existsSync(database.file)
  const { inspectPostgres } = await import('../../stores/postgres/open.ts')
  const states = await inspectPostgres({ connection: database.url, schema: database.schema })
  return states.some(({ appliedAt }) => appliedAt !== undefined)
}
