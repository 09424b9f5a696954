import type { AppliedMigration, Migration, MigrationState } from '../sql/migration.ts'
import { checksumOf, statesOf } from '../sql/migration.ts'
import { foreignError } from './errors.ts'
import { migrations } from './migrations/all.ts'
import { DEFAULT_SCHEMA, quoteSchema } from './schema-name.ts'
import type { Database, Sql, Statement, Transaction } from './sql.ts'
import { existingRelations, relationsMadeBy } from './whole.ts'

/** For the wait behind another process, and for the index on a large table that it may be making. */
const LIMIT_MS = 600_000

type Row = readonly [number: number, name: string, checksum: string, minCompatible: number, appliedAt: number]
const READ: Statement = {
  text: 'SELECT number, name, checksum, min_compatible, applied_at FROM {books}.migration ORDER BY number'
}
const COLUMNS = ['number', 'name', 'checksum', 'min_compatible', 'applied_at']
// Of the catalogue's tables themselves: functions such as to_regclass() may answer from what the session has remembered.
const IS_THERE: Statement = {
  text: `
SELECT pg_class.oid IS NOT NULL, ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped)
FROM pg_namespace LEFT JOIN pg_class ON relnamespace = pg_namespace.oid AND relname = 'migration'
WHERE '"' || nspname || '"' = $1`
}

/** What was applied to the books, and what is still to be. Writes nothing. */
export async function migrationStates(
  database: Database,
  known: readonly Migration[] = migrations
): Promise<readonly MigrationState[]> {
  return statesOf(`The schema ${database.schema}`, await readApplied(database, database.schema), known)
}

/** Applies what is pending: of any number of processes one does it, and the others wait and find it done. */
export async function migrate(
  database: Database,
  known: readonly Migration[] = migrations
): Promise<readonly MigrationState[]> {
  const before = await migrationStates(database, known)
  if (before.every(({ appliedAt }) => appliedAt !== undefined)) return before
  await database.transaction(tx => applyPending(tx, database.schema, known), 'once')
  return migrationStates(database, known)
}

/** The statements of all migrations after this number, in one transaction, for people who run them by hand with psql. */
export function migrationSql(schema = DEFAULT_SCHEMA, after = 0, known: readonly Migration[] = migrations): string {
  const quoted = quoteSchema(schema)
  const opening = after > 0 ? [] : [makeSchema(quoted)]
  const making = after > 0 ? [] : [`${TABLE};`]
  const applying = known
    .slice(after)
    .flatMap(migration => [`${migration.sql.trim().replace(/;$/, '')};`, `${record(migration)};`])
  return ['BEGIN;', `${lock(quoted)};`, ...opening, `${searchIn(quoted)};`, ...making, ...applying, 'COMMIT;', ''].join(
    '\n'
  )
}

// Names stand without their schema: the search path of the transaction says it, and that of the functions which are made in
// it. Unless it names the temporary schema last, that comes first: an app's temporary table `job` would be taken for ours.
const TABLE =
  'CREATE TABLE migration (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, min_compatible integer NOT NULL, applied_at bigint NOT NULL)'
const lock = (schema: string): string =>
  `SELECT pg_advisory_xact_lock(hashtextextended('escapement migrate ${schema}', 0))`
// Not IF NOT EXISTS: that wants the right to create schemas even where one was made for us.
const makeSchema = (schema: string): string =>
  `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_namespace WHERE '"' || nspname || '"' = '${schema}') THEN CREATE SCHEMA ${schema}; END IF; END $$;`
const searchIn = (schema: string): string => `SET LOCAL search_path TO ${schema}, pg_temp`
const record = (migration: Migration): string =>
  `INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (${migration.number}, '${migration.name}', '${checksumOf(migration)}', ${migration.minCompatible}, now_ms())`

/** The lock is taken before anything is there that could be locked: it goes by a name, and ends with the transaction. */
async function applyPending(tx: Transaction, schema: string, known: readonly Migration[]): Promise<void> {
  const run = (text: string): Promise<unknown> => tx.query({ text, limitMs: LIMIT_MS })
  await run(`SET LOCAL statement_timeout = ${LIMIT_MS}`)
  await run(lock(schema))
  await run(makeSchema(schema))
  await run(searchIn(schema))
  if (!(await hasTable(tx, schema))) await run(TABLE)
  const applied = await readApplied(tx, schema)
  const early = await existingRelations(tx, schema, relationsMadeBy(known.slice(applied.length)))
  if (early.length > 0)
    throw foreignError(schema, `it has ${early.join(', ')}, and no row in its table "migration" that says so`)
  for (const migration of known.slice(applied.length)) {
    await run(migration.sql)
    await run(record(migration))
  }
}

async function readApplied(sql: Sql, schema: string): Promise<AppliedMigration[]> {
  if (!(await hasTable(sql, schema))) return []
  const rows = await sql.query<Row>(READ)
  return rows.map(([number, name, checksum, minCompatible, appliedAt]) => ({
    number,
    name,
    checksum,
    minCompatible,
    appliedAt
  }))
}

async function hasTable(sql: Sql, schema: string): Promise<boolean> {
  const [row] = await sql.query<[boolean, string[]]>(IS_THERE, [schema])
  if (row?.[0] !== true) return false
  if (COLUMNS.some(column => !row[1].includes(column)))
    throw foreignError(schema, `its table "migration" has the columns ${row[1].join(', ')}, and not ours`)
  return true
}
