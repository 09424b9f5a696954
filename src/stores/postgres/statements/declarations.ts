import type { DeclaredSet, KnownSet, Redaction } from '../../../store/declarations.ts'
import type { Declared, NodeRecord } from '../../../store/nodes.ts'
import { knownSetOf, type SetRow } from '../../sql/set-rows.ts'
import type { Books, Sql, Statement } from '../sql.ts'

const KEEP: Statement = {
  text: `
INSERT INTO {books}.declared_set (app, hash, members) VALUES ($1, $2, $3)
ON CONFLICT (app, hash) DO UPDATE SET members = excluded.members`
}
const READ: Statement = {
  text: `
SELECT app, hash, number, CASE WHEN $2::boolean THEN members END FROM {books}.declared_set
WHERE (app, hash) IN (SELECT wanted.app, wanted.hash FROM json_to_recordset($1) AS wanted (app text, hash text)) ORDER BY number`
}
const DESCRIBE: Statement = {
  text: `UPDATE {books}.node SET tasks = $2, declares = $3 WHERE id = $1 AND phase = 'alive'`
}

export async function keepSet({ database }: Books, { app, hash, members }: DeclaredSet): Promise<void> {
  await database.query(KEEP, [app, hash, JSON.stringify(members)])
}

export async function readSets(
  { database }: Books,
  sets: readonly Pick<Declared, 'app' | 'hash'>[],
  withMembers: boolean
): Promise<KnownSet[]> {
  const wanted = sets.map(({ app, hash }) => ({ app, hash }))
  return (await database.query<SetRow>(READ, [JSON.stringify(wanted), withMembers])).map(knownSetOf)
}

const KEEP_REDACTIONS: Statement = {
  text: `
INSERT INTO {books}.redaction (task, path) SELECT DISTINCT task, path FROM json_to_recordset($1) AS kept (task text, path text)
ON CONFLICT DO NOTHING`
}
const READ_REDACTIONS: Statement = { text: 'SELECT task, path FROM {books}.redaction ORDER BY task, path' }

export async function keepRedactions(sql: Pick<Sql, 'query'>, redactions: readonly Redaction[]): Promise<void> {
  await sql.query(KEEP_REDACTIONS, [JSON.stringify(redactions.map(({ task, path }) => ({ task, path })))])
}

export async function readRedactions({ database }: Books): Promise<Redaction[]> {
  return (await database.query<[string, string]>(READ_REDACTIONS)).map(([task, path]) => ({ task, path }))
}

export async function describeNode(
  { database }: Books,
  nodeId: string,
  { tasks, declares }: Pick<NodeRecord, 'tasks' | 'declares'>
): Promise<void> {
  await database.query(DESCRIBE, [nodeId, JSON.stringify(tasks), JSON.stringify(declares)])
}

/** How many set numbers are remembered, so that an old deployment that comes back is recognized. */
const REMEMBERED_SETS = 1_000
// The text of what a node declares contains the hash of each set.
const PRUNE: Statement = {
  text: `
WITH dropped AS (
  UPDATE {books}.declared_set SET members = NULL
  WHERE members IS NOT NULL AND NOT EXISTS (SELECT FROM {books}.node WHERE position(hash IN declares) > 0))
DELETE FROM {books}.declared_set WHERE members IS NULL AND number <= (SELECT max(number) FROM {books}.declared_set) - $1`
}

export async function pruneSets({ database }: Books): Promise<void> {
  await database.query(PRUNE, [REMEMBERED_SETS])
}
