import type { DeclaredSet, KnownSet, Redaction } from '../../../store/declarations.ts'
import type { Declared, NodeRecord } from '../../../store/nodes.ts'
import { knownSetOf, type SetRow } from '../../sql/set-rows.ts'
import type { Books } from '../books.ts'

const KEEP = `
INSERT INTO escapement_declared_set (app, hash, members) VALUES (?, ?, ?)
ON CONFLICT (app, hash) DO UPDATE SET members = excluded.members`
const READ = 'SELECT app, hash, number, iif(?, members, NULL) FROM escapement_declared_set WHERE app = ? AND hash = ?'
const DESCRIBE = "UPDATE escapement_node SET tasks = ?, declares = ? WHERE id = ? AND phase = 'alive'"

export function keepSet({ connection }: Books, { app, hash, members }: DeclaredSet): void {
  connection.prepare(KEEP).run(app, hash, JSON.stringify(members))
}

export function readSets(
  { connection }: Books,
  sets: readonly Pick<Declared, 'app' | 'hash'>[],
  withMembers: boolean
): KnownSet[] {
  const read = connection.prepare<SetRow>(READ)
  return sets.flatMap(({ app, hash }) => read.all(Number(withMembers), app, hash)).map(knownSetOf)
}

const KEEP_REDACTION = 'INSERT INTO escapement_redaction (task, path) VALUES (?, ?) ON CONFLICT DO NOTHING'
const READ_REDACTIONS = 'SELECT task, path FROM escapement_redaction ORDER BY task, path'

export function keepRedactions({ connection }: Books, redactions: readonly Redaction[]): void {
  for (const { task, path } of redactions) connection.prepare(KEEP_REDACTION).run(task, path)
}

export const readRedactions = ({ connection }: Books): Redaction[] =>
  connection
    .prepare<[string, string]>(READ_REDACTIONS)
    .all()
    .map(([task, path]) => ({ task, path }))

export function describeNode(
  { connection }: Books,
  nodeId: string,
  { tasks, declares }: Pick<NodeRecord, 'tasks' | 'declares'>
): void {
  connection.prepare(DESCRIBE).run(JSON.stringify(tasks), JSON.stringify(declares), nodeId)
}

// The text of what a node declares contains the hash of each set.
const DROP_MEMBERS = `
UPDATE escapement_declared_set SET members = NULL
WHERE members IS NOT NULL AND NOT EXISTS (SELECT 1 FROM escapement_node WHERE instr(declares, hash) > 0)`
const DROP_OLD = `
DELETE FROM escapement_declared_set
WHERE members IS NULL AND number <= (SELECT max(number) FROM escapement_declared_set) - ?`

/** How many set numbers are remembered, so that an old deployment that comes back is recognized. */
const REMEMBERED_SETS = 1_000

export function pruneSets({ connection }: Books): void {
  connection.prepare(DROP_MEMBERS).run()
  connection.prepare(DROP_OLD).run(REMEMBERED_SETS)
}
