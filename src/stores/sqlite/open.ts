import { existsSync } from 'node:fs'
import { checkOptions } from '../../core/options/options.ts'
import type { MigrationState } from '../../store/kind.ts'
import { watchingOf } from '../sql/older-nodes.ts'
import type { Books } from './books.ts'
import { theOne } from './books.ts'
import { retryWhileBusy } from './connection/busy.ts'
import type { BusyOptions } from './connection/busy.ts'
import { Connection } from './connection/connection.ts'
import { asStoreError, incompleteError } from './errors.ts'
import { migrate, migrationStates } from './migrate.ts'
import { migrations } from './migrations/all.ts'
import { Names } from './jobs/names.ts'
import { sqliteDoor, type SqliteStoreOptions } from './options.ts'

const DEFAULT_FILE = 'escapement.db'
const DEFAULT_TIMEOUT_MS = 10_000

const IDENTITY =
  'SELECT id, EXISTS (SELECT 1 FROM escapement_job) AND NOT EXISTS (SELECT 1 FROM escapement_name) FROM escapement_store'

export interface OpenedFile {
  readonly books: Books
  readonly busy: BusyOptions
  /** UUID of the books. */
  readonly id: string
}

export function openFile(options: SqliteStoreOptions): Promise<OpenedFile> {
  return onFile(options, async (connection, busy) => {
    await configure(connection, options, busy)
    await migrate(connection, busy, migrations, watchingOf(options))
    const [id, isNameless] = theOne(connection, connection.prepare<[string, number]>(IDENTITY).get())
    if (isNameless === 1)
      throw incompleteError(connection.file, 'escapement_name is empty, from which jobs have their tasks')
    connection.guardFile(options.clock)
    const { clock } = options
    const names = new Names(connection)
    return { books: { connection, names, now: () => clock.now(), monotonic: () => clock.monotonic() }, busy, id }
  })
}

/**
 * Migrates the file to this release's schema, creating it if missing.
 *
 * @returns each migration with the time at which it was applied
 *
 * @example
 * ```ts
 * for (const { name, appliedAt } of await migrateSqliteFile({ file: 'app.db', clock })) console.log(name, appliedAt)
 * ```
 */
export function migrateSqliteFile(options: SqliteStoreOptions): Promise<readonly MigrationState[]> {
  return onFile(options, async (connection, busy) => {
    await configure(connection, options, busy)
    const states = await migrate(connection, busy, migrations, watchingOf(options))
    connection.close()
    return states
  })
}

/**
 * Lists the applied and the pending migrations. Creates no file and changes none.
 *
 * @example
 * ```ts
 * const states = await inspectSqliteFile({ file: 'app.db', clock })
 * const pending = states.filter(({ appliedAt }) => appliedAt === undefined)
 * ```
 */
export function inspectSqliteFile(options: SqliteStoreOptions): Promise<readonly MigrationState[]> {
  const { file = DEFAULT_FILE } = options
  return onFile({ ...options, file: existsSync(file) ? file : ':memory:' }, async (connection, busy) => {
    const states = await migrationStates(connection, busy)
    connection.close()
    return states
  })
}

/** Opens a connection. Closes it if `use` fails; otherwise the user closes it. */
async function onFile<T>(
  options: SqliteStoreOptions,
  use: (connection: Connection, busy: BusyOptions) => Promise<T>
): Promise<T> {
  checkOptions('The SQLite store', options, sqliteDoor)
  const { clock, file = DEFAULT_FILE, random = Math.random, operationTimeoutMs = DEFAULT_TIMEOUT_MS } = options
  let connection: Connection | undefined
  try {
    connection = new Connection(file)
    return await use(connection, { clock, random, operationTimeoutMs, file })
  } catch (error) {
    connection?.close()
    throw asStoreError(error, file)
  }
}

const configure = (connection: Connection, { synchronous = 'normal' }: SqliteStoreOptions, busy: BusyOptions) =>
  retryWhileBusy(() => connection.configure(synchronous), busy)
