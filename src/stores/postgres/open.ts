import { booksOn, IDENTITY } from './books-on.ts'
import { checkOptions } from '../../core/options/options.ts'
import type { MigrationState } from '../../store/kind.ts'
import { watchingOf } from '../sql/older-nodes.ts'
import { addressOf } from './connection/address.ts'
import { PostgresDatabase } from './connection/database.ts'
import type { Driver } from './connection/driver.ts'
import { loadDriver } from './connection/driver.ts'
import { migrations } from './migrations/all.ts'
import { migrate, migrationStates } from './schema/migrate.ts'
import { Names } from './jobs/names.ts'
import { postgresDoor, type PostgresStoreOptions } from './options.ts'
import { DEFAULT_SCHEMA } from './schema/schema-name.ts'
import type { Books } from './sql.ts'

const DEFAULT_POOL_SIZE = 5
const MIN_POOL_SIZE = 3
const DEFAULT_TIMEOUT_MS = 10_000

/** @internal A reader of our declarations would need those of `pg`. */
export interface OpenedBooks {
  readonly driver: Driver
  readonly database: PostgresDatabase
  readonly books: Books
  /** UUID of the books. */
  readonly id: string
  readonly operationTimeoutMs: number
}

/** @internal */
export function openBooks(options: PostgresStoreOptions): Promise<OpenedBooks> {
  const { clock, operationTimeoutMs = DEFAULT_TIMEOUT_MS, packFrom, leaseTtlMs, onOlderNodes } = options
  const names = new Names()
  const use = async (database: PostgresDatabase, driver: Driver): Promise<OpenedBooks> => {
    const opened = await booksOn(database, { names, packFrom, clock, leaseTtlMs, onOlderNodes })
    if (database.isPooled) await assertTransactions(database)
    return { driver, database, ...opened, operationTimeoutMs }
  }
  return onDatabase(options, use, () => names.forget())
}

/** A pooler in statement mode rejects every transaction: fail at the start, not at the first job. */
async function assertTransactions(database: PostgresDatabase): Promise<void> {
  await database.transaction(tx => tx.query(IDENTITY))
}

/**
 * Migrates the books to this release's schema, creating it if missing.
 *
 * @returns each migration with the time at which it was applied
 *
 * @example
 * ```ts
 * for (const { name, appliedAt } of await migratePostgres({ connection: 'postgres://localhost/shop' })) console.log(name, appliedAt)
 * ```
 */
export function migratePostgres(options: PostgresStoreOptions): Promise<readonly MigrationState[]> {
  return closing(options, database => migrate(database, migrations, { watching: watchingOf(options) }))
}

/**
 * Lists the applied and the pending migrations. Creates and changes nothing.
 *
 * @example
 * ```ts
 * const states = await inspectPostgres({ connection: 'postgres://localhost/shop' })
 * const pending = states.filter(({ appliedAt }) => appliedAt === undefined)
 * ```
 */
export function inspectPostgres(options: PostgresStoreOptions): Promise<readonly MigrationState[]> {
  return closing(options, database => migrationStates(database))
}

const closing = <T>(options: PostgresStoreOptions, use: (database: PostgresDatabase) => Promise<T>): Promise<T> =>
  onDatabase(options, async database => {
    const answer = await use(database)
    await database.close()
    return answer
  })

/** Opens a pool. Closes it if `use` fails; otherwise the user closes it. */
async function onDatabase<T>(
  options: PostgresStoreOptions,
  use: (database: PostgresDatabase, driver: Driver) => Promise<T>,
  onGone?: () => void
): Promise<T> {
  checkOptions('The PostgreSQL store', options, postgresDoor)
  const { connection, schema = DEFAULT_SCHEMA, operationTimeoutMs = DEFAULT_TIMEOUT_MS } = options
  const driver = await loadDriver()
  const address = addressOf(driver, connection, schema)
  const poolSize = Math.max(MIN_POOL_SIZE, options.poolSize ?? DEFAULT_POOL_SIZE)
  const database = new PostgresDatabase({ driver, address, poolSize, operationTimeoutMs, onGone })
  const giveUp = (): void => void database.close()
  options.signal?.addEventListener('abort', giveUp)
  try {
    return await use(database, driver)
  } catch (error) {
    await database.close()
    throw error
  } finally {
    options.signal?.removeEventListener('abort', giveUp)
  }
}
