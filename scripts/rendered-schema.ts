import { digestOf } from '../src/stores/postgres/routines/routine.ts'
import { routines } from '../src/stores/postgres/routines/all.ts'
import { MAKE_TABLE } from '../src/stores/sqlite/migrate.ts'
import { migrations as sqliteMigrations } from '../src/stores/sqlite/migrations/all.ts'

export const EDITIONS = 'src/stores/postgres/routines/editions.ts'

const HEADER = `-- Written by "npm run schema", and compared with the code by a test: not to be edited.
-- What the numbers in the columns stand for is in src/stores/sql/codes.ts. Instants are epoch milliseconds.
`
const POSTGRES = `${HEADER}-- This is what "escapement migrate --sql" prints for the schema "escapement": tables first, then functions and views.

`
const SQLITE = `${HEADER}-- It is made in the file of the books by whoever opens it first.

`

/** The schemas of both stores as SQL, by the path of the file in which they are checked in. */
export async function renderedSchemas(): Promise<Readonly<Record<string, string>>> {
  const { migrationSql } = await import('../src/stores/postgres/schema/migration-sql.ts')
  const sqlite = [MAKE_TABLE, ...sqliteMigrations.map(({ sql }) => sql)].map(
    sql => `${sql.trim().replace(/;$/, '')};\n`
  )
  return { 'docs/schema/postgres.sql': POSTGRES + migrationSql(), 'docs/schema/sqlite.sql': SQLITE + sqlite.join('\n') }
}

/** What the routines of this release are known by; the last of the editions has to be it. */
export const digest = digestOf(routines)
