import type { WatchOptions } from '../../store/kind.ts'
import { watchingOf } from '../sql/older-nodes.ts'
import { incompleteError } from './errors.ts'
import { Floors } from './jobs/floors.ts'
import { Names } from './jobs/names.ts'
import { migrations } from './migrations/all.ts'
import { routines } from './routines/all.ts'
import { migrate } from './schema/migrate.ts'
import { assertWhole, theOne } from './schema/whole.ts'
import type { Books, Database, Statement } from './sql.ts'

/** By default, claims of this many jobs or more are kept as a pack. */
const DEFAULT_PACK_FROM = 16

export const IDENTITY: Statement = {
  text: 'SELECT id, EXISTS (SELECT FROM {books}.job) AND NOT EXISTS (SELECT FROM {books}.lane) FROM {books}.store'
}

interface BooksOptions extends WatchOptions {
  readonly names?: Names
  readonly packFrom?: number | undefined
  readonly clock?: { now(): number } | undefined
}

/** Creates and migrates the books in a schema of a database as needed, and reads their id. */
export async function booksOn(
  database: Database,
  options: BooksOptions
): Promise<{ readonly books: Books; readonly id: string }> {
  const { names = new Names(), packFrom = DEFAULT_PACK_FROM, clock } = options
  const states = await migrate(database, migrations, { watching: watchingOf(options) })
  // A newer release may have replaced what this one made.
  if (states.length === migrations.length) await assertWhole(database, migrations, routines)
  const [id, isNameless] = theOne(database, await database.query<[string, boolean]>(IDENTITY))
  if (isNameless) throw incompleteError(database.schema, 'every row of "lane", from which jobs have their tasks')
  const books = { database, names, floors: new Floors(), packFrom, now: () => clock?.now() ?? null }
  return { books, id }
}
