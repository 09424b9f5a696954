import { scheduleCursor } from '../../../store/pages/cursors.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import type { AppRecord, ReadSchedule, Registration } from '../../../store/schedules.ts'
import { pageOf } from '../../sql/page.ts'
import { IS_ASIDE, type ReadScheduleRow, scheduleOf } from '../../sql/schedule-rows.ts'
import type { Books, Statement } from '../sql.ts'
import { READ_SCHEDULE } from './schedules.ts'

const READ: Statement = {
  text: `
SELECT registration.release, registration.hash,
  EXISTS (SELECT FROM {books}.declared_set WHERE app = $1 AND hash = $2 AND members IS NOT NULL),
  EXISTS (SELECT FROM {books}.schedule WHERE app = $1 AND (${IS_ASIDE}))
FROM (SELECT) AS one LEFT JOIN {books}.registration ON app = $1`
}
// The marks are locked in the order of their ids, as in every other write of schedules.
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

const WRITE_UNMARKED: Statement = {
  text: `
INSERT INTO {books}.registration AS registration (app, release, hash) VALUES ($1, $2, $3)
ON CONFLICT (app) DO UPDATE SET release = excluded.release, hash = excluded.hash WHERE registration.release <= excluded.release`
}
const WRITE_AND_LOOK: Statement = {
  text: `
WITH written AS (${WRITE_UNMARKED.text} RETURNING 1)
SELECT id FROM {books}.schedule WHERE app = $1 AND phase <> 'removed' AND orphaned_at IS NULL AND EXISTS (SELECT FROM written)
  AND NOT EXISTS (SELECT FROM json_array_elements_text($4) AS named (id) WHERE named.id = schedule.id) ORDER BY id`
}
const ASIDE: Statement = {
  text: `SELECT ${READ_SCHEDULE} FROM {books}.schedule WHERE app = $1 AND (${IS_ASIDE}) AND id > $2 ORDER BY id LIMIT $3`
}

type AppRow = readonly [release: number | null, hash: string | null, knowsSet: boolean, hasAside: boolean]

export async function readApp({ database }: Books, app: string, hash: string): Promise<AppRecord> {
  const [row] = await database.query<AppRow>(READ, [app, hash])
  const [release, registered, knowsSet, hasAside] = row!
  const registration = release === null || registered === null ? undefined : { app, release, hash: registered }
  return { registration, knowsSet, hasAside }
}

export async function writeRegistration(
  { database, now }: Books,
  { app, release, hash }: Registration,
  { ids, marks }: { readonly ids: readonly string[] | undefined; readonly marks: boolean }
): Promise<string[]> {
  const values = [app, release, hash]
  if (ids === undefined) {
    await database.query(WRITE_UNMARKED, values)
    return []
  }
  const named = JSON.stringify(ids)
  const rows = await (marks
    ? database.query<[string]>(WRITE, [...values, named, now()])
    : database.query<[string]>(WRITE_AND_LOOK, [...values, named]))
  return rows.map(([id]) => id)
}

export async function listAside(
  { database }: Books,
  app: string,
  { limit, cursor }: PageRequest
): Promise<Page<ReadSchedule>> {
  const rows = await database.query<ReadScheduleRow>(ASIDE, [app, scheduleCursor(cursor) ?? '', limit + 1])
  return pageOf(rows.map(scheduleOf), limit, schedule => schedule.state.id)
}
