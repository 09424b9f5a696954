import type { Books } from './books.ts'
import { retryWhileBusy } from './busy.ts'
import type { BusyOptions } from './busy.ts'
import { Connection } from './connection.ts'
import { asStoreError } from './errors.ts'
import { migrate, migrationStates } from './migrate.ts'
import type { MigrationState } from './migrate.ts'
import { Names } from './names.ts'
import type { SqliteStoreOptions } from './options.ts'

const DEFAULT_FILE = 'escapement.db'
const DEFAULT_TIMEOUT_MS = 10_000

export interface OpenedFile {
  readonly books: Books
  readonly busy: BusyOptions
  /** UUID of the books. */
  readonly id: string
}

export function openFile(options: SqliteStoreOptions): Promise<OpenedFile> {
  return withConnection(options, 'kept', async (connection, busy) => {
    await migrate(connection, busy)
    const [id] = connection.prepare<[string]>('SELECT id FROM store').get()!
    return { books: { connection, names: new Names(connection), now: () => options.clock.now() }, busy, id }
  })
}

/** Brings the file up to this release's schema, making it if there is none, and answers what was applied when. */
export const migrateSqliteFile = (options: SqliteStoreOptions): Promise<readonly MigrationState[]> =>
  withConnection(options, 'closed', migrate)

/** What was applied to the file, and what is still to be. */
export const inspectSqliteFile = (options: SqliteStoreOptions): Promise<readonly MigrationState[]> =>
  withConnection(options, 'closed', migrationStates)

async function withConnection<T>(
  options: SqliteStoreOptions,
  afterwards: 'kept' | 'closed',
  use: (connection: Connection, busy: BusyOptions) => Promise<T>
): Promise<T> {
  const { clock, file = DEFAULT_FILE, random = Math.random, operationTimeoutMs = DEFAULT_TIMEOUT_MS } = options
  const busy: BusyOptions = { clock, random, operationTimeoutMs, file }
  let connection: Connection | undefined
  try {
    const opened = (connection = new Connection(file))
    await retryWhileBusy(() => opened.configure(options.synchronous ?? 'normal'), busy)
    const answer = await use(opened, busy)
    if (afterwards === 'closed') opened.close()
    return answer
  } catch (error) {
    connection?.close()
    throw asStoreError(error, file)
  }
}
