import type { Migration } from '../../sql/migration.ts'
import { deniedError, hiddenError, incompleteError } from '../errors.ts'
import { namesOf } from './make-routines.ts'
import type { Routine } from '../routines/routine.ts'
import type { Database, Statement } from '../sql.ts'

const RELATION = /^CREATE (?:UNIQUE )?(?:TABLE|SEQUENCE|INDEX) (\w+)/gm
/** Tables, sequences and indexes that these migrations make. */
export const relationsMadeBy = (made: readonly Migration[]): string[] =>
  made.flatMap(({ sql }) => Array.from(sql.matchAll(RELATION), ([, name]) => name!))

const BOOKS = `WITH books AS (SELECT oid FROM pg_namespace WHERE '"' || nspname || '"' = $1),
relation AS (SELECT pg_class.oid, relname, relkind FROM pg_class JOIN books ON relnamespace = books.oid),
routine AS (SELECT pg_proc.oid, proname FROM pg_proc JOIN books ON pronamespace = books.oid)`

const EXISTING: Statement = { text: `${BOOKS} SELECT relname FROM relation WHERE relname = ANY ($2)` }

/** Which of these names already exist in the schema. */
export async function existingRelations(
  { query }: Pick<Database, 'query'>,
  schema: string,
  names: readonly string[]
): Promise<string[]> {
  return (await query<[string]>(EXISTING, [schema, names])).map(([name]) => name)
}

// Row-level security without a policy silently hides all rows from every role but the table's owner.
const FAULTS: Statement = {
  text: `${BOOKS}
SELECT 'lacking', name FROM unnest($2::text[]) AS name WHERE name NOT IN (SELECT relname FROM relation)
UNION ALL SELECT 'lacking', name || '()' FROM unnest($3::text[]) AS name WHERE name NOT IN (SELECT proname FROM routine)
UNION ALL SELECT 'hidden', relname FROM relation
  WHERE relkind = 'r' AND relname = ANY ($2) AND row_security_active(oid) AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = relation.oid)
UNION ALL SELECT 'denied', 'SELECT ON ' || relname FROM relation
  WHERE relkind IN ('r', 'v') AND relname = ANY ($2) AND NOT has_table_privilege(oid, 'SELECT')
UNION ALL SELECT 'denied', 'EXECUTE ON ' || proname || '()' FROM routine WHERE proname = ANY ($3) AND NOT has_function_privilege(oid, 'EXECUTE')
ORDER BY 1, 2`
}

/**
 * Checks that everything the migrations and routines create exists and is visible to this role.
 *
 * @throws EscapementError `store-unavailable`, which names what is missing or hidden
 */
export async function assertWhole(
  database: Database,
  made: readonly Migration[],
  routines: readonly Routine[]
): Promise<void> {
  const relations = [...relationsMadeBy(made), ...namesOf(routines, 'view')]
  const values = [database.schema, relations, namesOf(routines, 'function')]
  throwFirst(database, await database.query<Fault>(FAULTS, values))
}

// A node writes these in its first seconds. A role that may only read them can look at the books, but not work on them.
const UNWRITABLE: Statement = {
  text: `${BOOKS}
SELECT 'denied', needed || ' ON ' || relname FROM relation JOIN (VALUES
  ('node', 'INSERT'), ('node', 'UPDATE'), ('node', 'DELETE'), ('job', 'INSERT'), ('job', 'UPDATE'), ('job', 'DELETE'), ('pack', 'INSERT'), ('pack', 'UPDATE'),
  ('pack', 'DELETE'), ('finished', 'INSERT'), ('finished', 'DELETE'), ('schedule', 'INSERT'), ('schedule', 'UPDATE'), ('timeline', 'INSERT'),
  ('ledger', 'INSERT'), ('ledger', 'DELETE'), ('lane', 'INSERT'), ('runner', 'INSERT'), ('registration', 'INSERT'), ('registration', 'UPDATE'),
  ('seat', 'INSERT'), ('seat', 'UPDATE'), ('store', 'UPDATE'), ('audit', 'INSERT'), ('audit', 'UPDATE'), ('audit', 'DELETE')) AS need (of, needed) ON of = relname
WHERE NOT has_table_privilege(oid, needed)
UNION ALL SELECT 'denied', 'USAGE ON SEQUENCE ' || relname FROM relation
  WHERE CASE WHEN relkind = 'S' AND relname = 'fence' THEN NOT has_sequence_privilege(oid, 'USAGE, UPDATE') END
ORDER BY 2`
}

/** @throws EscapementError `store-unavailable` when this role may not write what a node writes. */
export async function assertWritable(database: Database): Promise<void> {
  throwFirst(database, await database.query<Fault>(UNWRITABLE, [database.schema]))
}

type Fault = readonly [kind: 'lacking' | 'hidden' | 'denied', name: string]

const errorOf = { lacking: incompleteError, hidden: hiddenError, denied: deniedError }

/** Reports all faults of one kind. Missing things come before hidden ones, since restoring them may cure both. */
function throwFirst({ schema }: Database, faults: readonly Fault[]): void {
  const kind = (['lacking', 'hidden', 'denied'] as const).find(each => faults.some(([found]) => found === each))
  if (kind === undefined) return
  const names = faults.filter(([found]) => found === kind).map(([, name]) => name)
  throw errorOf[kind](schema, names.join(', '))
}

/** The only row of a table. @throws EscapementError `store-unavailable` when it is gone. */
export function theOne<Row>({ schema }: Database, [row]: readonly Row[]): Row {
  if (row === undefined) throw incompleteError(schema, 'the row of their table "store"')
  return row
}
