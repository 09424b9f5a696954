import { randomUUID } from 'node:crypto'
import { aText, judgedLater, wholeNumber } from '../../core/options/forms.ts'
import { checkOptions, door } from '../../core/options/options.ts'
import type { Store } from '../../store/store.ts'
import { booksOn } from '../postgres/books-on.ts'
import { DatabaseTime } from '../postgres/connection/database-time.ts'
import { Notifier } from '../postgres/connection/notifier.ts'
import { methodsOn } from '../postgres/methods.ts'
import { channelOf, DEFAULT_SCHEMA, quoteSchema } from '../postgres/schema/schema-name.ts'
import { PgliteDatabase } from './database.ts'
import { holdDatabase } from './shared.ts'
import { Wakes } from './wakes.ts'

export interface PgliteStoreOptions {
  /** The folder of the database, created if missing. By default the database is in memory and ends with the store. */
  readonly folder?: string | undefined
  /**
   * The schema that holds the books: lower-case letters, digits and `_`, at most 48 characters.
   *
   * @default 'escapement'
   */
  readonly schema?: string
  /**
   * Claims of this many jobs or more are written as one row.
   *
   * @default 16
   */
  readonly packFrom?: number
  /** Decides what is due, instead of the database's clock: for tests, which move it by hand. */
  readonly clock?: { now(): number }
}

const pgliteDoor = door<PgliteStoreOptions>('options-invalid', {
  folder: aText,
  schema: aText,
  packFrom: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  clock: judgedLater
})

/**
 * Opens books in a PGlite database, which is PostgreSQL within this process: for tests and development, since no other
 * process can open its folder at the same time.
 *
 * @throws EscapementError `store-unavailable` when `@electric-sql/pglite` is not installed; `migration-mismatch` when a
 * newer release has migrated the books.
 */
export async function openPgliteStore(options: PgliteStoreOptions): Promise<Store> {
  checkOptions('The PGlite store', options, pgliteDoor)
  const { folder, schema = DEFAULT_SCHEMA, packFrom, clock } = options
  const database = await openDatabase(folder, schema)
  try {
    return await storeOn(database, { channel: channelOf(schema), packFrom, clock })
  } catch (error) {
    await database.close()
    throw error
  }
}

async function openDatabase(folder: string | undefined, schema = DEFAULT_SCHEMA): Promise<PgliteDatabase> {
  const quoted = quoteSchema(schema)
  return new PgliteDatabase(await holdDatabase(folder), quoted, `database of PGlite ${folder ?? 'in memory'}`)
}

interface On {
  readonly channel: string
  readonly packFrom: number | undefined
  readonly clock: PgliteStoreOptions['clock'] | undefined
}

async function storeOn(database: PgliteDatabase, { channel, packFrom, clock }: On): Promise<Store> {
  const { books, id } = await booksOn(database, { packFrom, clock })
  const ownId = randomUUID()
  const time = new DatabaseTime(database)
  const wakes = new Wakes(database, channel, ownId)
  return {
    traits: { name: 'pglite', reach: 'process', transactions: 'async', clock: 'database' },
    id,
    now: async () => books.now() ?? time.now(),
    nowAtLatest: () => time.nowAtLatest(),
    watch: listener => wakes.add(listener),
    close: async () => {
      await wakes.end()
      await database.close()
    },
    ...methodsOn(books, new Notifier({ database, channel, ownId }))
  }
}
