import type { Registration } from '../../../store/schedules.ts'
import type { Books } from '../books.ts'

const READ = 'SELECT app, release, hash FROM escapement_registration WHERE app = ?'
const WRITE = `
INSERT INTO escapement_registration (app, release, hash) VALUES (?, ?, ?)
ON CONFLICT (app) DO UPDATE SET release = excluded.release, hash = excluded.hash WHERE release <= excluded.release`
const CLEAR_NAMED = `
UPDATE escapement_schedule SET orphaned_at = NULL
WHERE app = ? AND phase <> 'removed' AND orphaned_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))`
const MARK_ORPHANS = `
UPDATE escapement_schedule SET orphaned_at = ?
WHERE app = ? AND phase <> 'removed' AND orphaned_at IS NULL AND id NOT IN (SELECT value FROM json_each(?)) RETURNING id`

export function readRegistration({ connection }: Books, app: string): Registration | undefined {
  const row = connection.prepare<[string, number, string]>(READ).get(app)
  return row === undefined ? undefined : { app: row[0], release: row[1], hash: row[2] }
}

export function writeRegistration(
  books: Books,
  { app, release, hash }: Registration,
  ids: readonly string[]
): string[] {
  const { connection, now } = books
  if (Number(connection.prepare(WRITE).run(app, release, hash).changes) === 0) return []
  const named = JSON.stringify(ids)
  connection.prepare(CLEAR_NAMED).run(app, named)
  const orphans = connection.prepare<[string]>(MARK_ORPHANS).all(now(), app, named)
  return orphans.map(([id]) => id).sort()
}
