import { randomUUID } from 'node:crypto'
import type { Store } from '../../store/store.ts'
import { addressOf } from './connection/address.ts'
import { DatabaseTime } from './connection/database-time.ts'
import { diagnose } from './diagnose.ts'
import { methodsOn } from './methods.ts'
import { Notifier } from './connection/notifier.ts'
import { openBooks } from './open.ts'
import type { OpenedBooks } from './open.ts'
import type { PostgresStoreOptions } from './options.ts'
import { channelOf, DEFAULT_SCHEMA } from './schema/schema-name.ts'
import { Watch } from './connection/watch.ts'
import { withinClients } from './clients/within-clients.ts'

/** How often to check that the listening connection still listens. */
const PING_EVERY_MS = 10_000

/**
 * A store for many hosts, in a schema of a PostgreSQL database (14 to 18).
 *
 * @experimental
 */
export type PostgresStore = Store

/**
 * Opens the books, and creates or migrates their schema as needed. Many processes may do so at once.
 *
 * @throws EscapementError `store-unavailable` when the database can't be reached, written or used with these
 * permissions, or when `pg` is not installed; `migration-mismatch` when a newer release has migrated the books;
 * `config-invalid`.
 *
 * @example
 * ```ts
 * const store = await openPostgresStore({ connection: 'postgres://localhost/shop' })
 * const { items } = await store.listJobs({ state: 'discarded' }, { limit: 100 })
 * await store.close()
 * ```
 *
 * @experimental
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const opened = await openBooks(options)
  const { books, database, id } = opened
  const ownId = randomUUID()
  const channel = channelOf(options.schema ?? DEFAULT_SCHEMA)
  const notifier = new Notifier({ database, channel, ownId })
  const watch = new Watch({ ...lineOptions(opened, options), channel, ownId })
  const time = new DatabaseTime(database)
  // A pooler hands a listening session to its next client. Then writes of others are found by polling.
  const canListen = (): boolean => !database.isPooled || options.listenUrl !== undefined
  return {
    traits: { name: 'postgres', reach: 'network', transactions: 'async', clock: 'database' },
    id,
    now: async () => books.now() ?? time.now(),
    nowAtLatest: () => time.nowAtLatest(),
    clockSkewMs: () => time.skewMs(),
    diagnose: () => diagnose({ database, watch: canListen() ? watch : undefined }),
    watch: listener => (canListen() ? watch.add(listener) : () => undefined),
    close: async () => {
      await Promise.all([watch.end(), database.close()])
    },
    ...methodsOn(books, notifier),
    enqueueWithin: withinClients(opened, channel)
  }
}

function lineOptions(
  { driver, operationTimeoutMs }: OpenedBooks,
  { connection, listenUrl, schema = DEFAULT_SCHEMA }: PostgresStoreOptions
) {
  const address = addressOf(driver, listenUrl ?? connection, schema)
  return { driver, address, timeoutMs: operationTimeoutMs, pingEveryMs: PING_EVERY_MS }
}
