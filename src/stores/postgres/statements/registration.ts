import type { Registration } from '../../../store/schedules.ts'
import type { Books, Statement } from '../sql.ts'

const READ: Statement = {
  name: 'read_registration',
  text: 'SELECT app, release, hash FROM {books}.registration WHERE app = $1'
}
// The marks are locked in the order of their ids, as every other write of schedules does it.
const WRITE: Statement = {
  text: `
WITH written AS (
  INSERT INTO {books}.registration AS registration (app, release, hash) VALUES ($1, $2, $3)
  ON CONFLICT (app) DO UPDATE SET release = excluded.release, hash = excluded.hash WHERE registration.release <= excluded.release RETURNING 1),
wrong AS (
  SELECT schedule.id FROM {books}.schedule LEFT JOIN json_array_elements_text($4) AS named (id) ON named.id = schedule.id
  WHERE app = $1 AND phase <> 'removed' AND (orphaned_at IS NULL) = (named.id IS NULL) AND EXISTS (SELECT FROM written)
  ORDER BY schedule.id FOR NO KEY UPDATE OF schedule),
marked AS (
  UPDATE {books}.schedule SET orphaned_at = CASE WHEN orphaned_at IS NULL THEN (SELECT coalesce($5::bigint, {books}.now_ms())) END
  FROM wrong WHERE schedule.id = wrong.id RETURNING schedule.id, orphaned_at)
SELECT id FROM marked WHERE orphaned_at IS NOT NULL ORDER BY id`
}

export async function readRegistration({ database }: Books, app: string): Promise<Registration | undefined> {
  const [row] = await database.query<[string, number, string]>(READ, [app])
  return row === undefined ? undefined : { app: row[0], release: row[1], hash: row[2] }
}

export async function writeRegistration(
  { database, now }: Books,
  { app, release, hash }: Registration,
  ids: readonly string[]
): Promise<string[]> {
  const rows = await database.query<[string]>(WRITE, [app, release, hash, JSON.stringify(ids), now()])
  return rows.map(([id]) => id)
}
