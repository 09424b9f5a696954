import { scheduleCursor } from '../../../store/pages/cursors.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import type { AppRecord, ReadSchedule, Registration } from '../../../store/schedules.ts'
import { pageOf } from '../../sql/page.ts'
import { IS_ASIDE, scheduleOf } from '../../sql/schedule-rows.ts'
import type { ReadScheduleRow } from '../../sql/schedule-rows.ts'
import type { Books } from '../books.ts'
import { READ_SCHEDULE } from './reading.ts'

// Node 22.18 does not bind numbered parameters by position.
const READ = `
SELECT registration.release, registration.hash,
  EXISTS (SELECT 1 FROM escapement_declared_set WHERE app = ? AND hash = ? AND members IS NOT NULL),
  EXISTS (SELECT 1 FROM escapement_schedule WHERE app = ? AND (${IS_ASIDE}))
FROM (SELECT 1) LEFT JOIN escapement_registration AS registration ON registration.app = ?`
const WRITE = `
INSERT INTO escapement_registration (app, release, hash) VALUES (?, ?, ?)
ON CONFLICT (app) DO UPDATE SET release = excluded.release, hash = excluded.hash WHERE release <= excluded.release`
const CLEAR_NAMED = `
UPDATE escapement_schedule SET orphaned_at = NULL
WHERE app = ? AND phase <> 'removed' AND orphaned_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))`
const IS_UNNAMED =
  "app = ? AND phase <> 'removed' AND orphaned_at IS NULL AND id NOT IN (SELECT value FROM json_each(?))"
const MARK_ORPHANS = `UPDATE escapement_schedule SET orphaned_at = ? WHERE ${IS_UNNAMED} RETURNING id`
const UNNAMED = `SELECT id FROM escapement_schedule WHERE ${IS_UNNAMED} ORDER BY id`
const ASIDE = `
SELECT ${READ_SCHEDULE} FROM escapement_schedule WHERE app = ? AND (${IS_ASIDE}) AND id > ? ORDER BY id LIMIT ?`

type AppRow = readonly [release: number | null, hash: string | null, knowsSet: number, hasAside: number]

export function readApp({ connection }: Books, app: string, hash: string): AppRecord {
  const [release, registered, knowsSet, hasAside] = connection.prepare<AppRow>(READ).get(app, hash, app, app)!
  const registration = release === null || registered === null ? undefined : { app, release, hash: registered }
  return { registration, knowsSet: knowsSet === 1, hasAside: hasAside === 1 }
}

export function writeRegistration(
  books: Books,
  { app, release, hash }: Registration,
  { ids, marks }: { readonly ids: readonly string[] | undefined; readonly marks: boolean }
): string[] {
  const { connection, now } = books
  if (Number(connection.prepare(WRITE).run(app, release, hash).changes) === 0 || ids === undefined) return []
  const named = JSON.stringify(ids)
  if (!marks)
    return connection
      .prepare<[string]>(UNNAMED)
      .all(app, named)
      .map(([id]) => id)
  connection.prepare(CLEAR_NAMED).run(app, named)
  const orphans = connection.prepare<[string]>(MARK_ORPHANS).all(now(), app, named)
  return orphans.map(([id]) => id).sort()
}

export function listAside({ connection }: Books, app: string, { limit, cursor }: PageRequest): Page<ReadSchedule> {
  const rows = connection.prepare<ReadScheduleRow>(ASIDE).all(app, scheduleCursor(cursor) ?? '', limit + 1)
  return pageOf(rows.map(scheduleOf), limit, schedule => schedule.state.id)
}
