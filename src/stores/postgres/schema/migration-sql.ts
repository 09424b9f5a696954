import type { Migration } from '../../sql/migration.ts'
import { checksumOf, neededBy } from '../../sql/migration.ts'
import { refuseOlderNodes } from './older-nodes.ts'
import { refuseOlder, replaceRoutine } from './make-routines.ts'
import { migrations } from '../migrations/all.ts'
import { routines } from '../routines/all.ts'
import { EDITION } from '../routines/editions.ts'
import { DEFAULT_SCHEMA, quoteSchema } from './schema-name.ts'

// Names have no schema: it is set by the search path of the transaction, and of the functions created in it. The path
// names the temporary schema last, because otherwise that comes first: an app's temporary table `job` would be taken
// for ours.
export const MAKE_TABLE =
  'CREATE TABLE migration (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, min_compatible integer NOT NULL, applied_at bigint NOT NULL)'
const lockName = (schema: string): string => `hashtextextended('escapement migrate ${schema}', 0)`
export const lock = (schema: string): string => `SELECT pg_advisory_xact_lock(${lockName(schema)})`
/** A shared lock: any number of transactions may hold it, and no migration begins until they have committed. */
export const lockOutMigrations = (schema: string): string => `SELECT pg_advisory_xact_lock_shared(${lockName(schema)})`
// Not IF NOT EXISTS: that needs the right to create schemas even if the schema exists.
export const makeSchema = (schema: string): string =>
  `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_namespace WHERE '"' || nspname || '"' = '${schema}') THEN CREATE SCHEMA ${schema}; END IF; END $$;`
/** While a migration waits for a table, all others wait behind it: after 2 s it gives up. */
export const waitBriefly = 'SET LOCAL lock_timeout = 2000'
export const searchIn = (schema: string): string => `SET LOCAL search_path TO ${schema}, pg_temp`
export const record = (migration: Migration): string =>
  `INSERT INTO migration (number, name, checksum, min_compatible, applied_at) VALUES (${migration.number}, '${migration.name}', '${checksumOf(migration)}', ${migration.minCompatible}, floor(extract(epoch FROM clock_timestamp()) * 1000))`

/**
 * The statements of all migrations after the number `after`, and of the routines, in one transaction: for people who
 * run them with psql.
 *
 * @example
 * ```ts
 * writeFileSync('escapement.sql', migrationSql('escapement'))
 * ```
 */
export function migrationSql(schema = DEFAULT_SCHEMA, after = 0, known: readonly Migration[] = migrations): string {
  const quoted = quoteSchema(schema)
  const opening = after > 0 ? [] : [makeSchema(quoted)]
  const making = after > 0 ? [] : [`${MAKE_TABLE};`]
  const pending = known.slice(after)
  const watching = after > 0 && pending.length > 0 ? [refuseOlderNodes(neededBy(pending))] : []
  const applying = pending.flatMap(migration => [ended(migration.sql), `${record(migration)};`])
  const replacing = routines.flatMap(routine => [ended(routine.sql), `${replaceRoutine(routine, EDITION)};`])
  return [
    'BEGIN;',
    `${lock(quoted)};`,
    `${waitBriefly};`,
    // What is dropped only if it is there is no news.
    'SET LOCAL client_min_messages TO warning;',
    ...opening,
    `${searchIn(quoted)};`,
    ...making,
    ...watching,
    ...applying,
    refuseOlder(EDITION),
    ...replacing,
    'COMMIT;',
    ''
  ].join('\n')
}

const ended = (sql: string): string => `\n${sql.trim().replace(/;$/, '')};`
