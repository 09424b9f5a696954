import type { ScheduleHealth } from '../../../core/counts/health.ts'
import { scheduleCursor } from '../../../store/pages/cursors.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import { HEALTH_COLUMNS, type HealthRow, healthOf } from '../../sql/health-rows.ts'
import { pageOf } from '../../sql/page.ts'
import type { Books } from '../books.ts'

const SUCCESS = `
INSERT INTO escapement_health (${HEALTH_COLUMNS}) VALUES (?, ?, ?, 0, ?)
ON CONFLICT (schedule_id) DO UPDATE SET last_finished_at = excluded.last_finished_at, last_success_at = excluded.last_success_at,
  failures = 0, last_duration_ms = excluded.last_duration_ms`
const OTHER_END = `
INSERT INTO escapement_health (schedule_id, last_finished_at, failures) VALUES (?, ?, ?)
ON CONFLICT (schedule_id) DO UPDATE SET last_finished_at = coalesce(excluded.last_finished_at, last_finished_at),
  failures = failures + excluded.failures`

/** What is written is what `healthAfter` says. */
export function noteSuccess({ connection }: Books, scheduleId: string, claimedAt: number, at: number): void {
  connection.prepare(SUCCESS).run(scheduleId, at, at, Math.max(0, at - claimedAt))
}

/** Of a job that was retried, discarded or cancelled. Nothing for a job without a schedule. */
export function noteOtherEnd(
  { connection }: Books,
  scheduleId: string | null,
  state: 'retryable' | 'discarded' | 'cancelled',
  at: number
): void {
  if (scheduleId === null) return
  const finishedAt = state === 'retryable' ? null : at
  connection.prepare(OTHER_END).run(scheduleId, finishedAt, Number(state !== 'cancelled'))
}

const READ = `SELECT ${HEALTH_COLUMNS} FROM escapement_health WHERE schedule_id = ?`
const FAILING = `
SELECT ${HEALTH_COLUMNS} FROM escapement_health WHERE failures > 0 AND schedule_id > ?
  AND EXISTS (SELECT 1 FROM escapement_schedule WHERE id = schedule_id AND phase <> 'removed')
ORDER BY schedule_id LIMIT ?`
const FORGET = 'DELETE FROM escapement_health WHERE schedule_id = ?'

export function readHealth({ connection }: Books, ids: readonly string[]): ScheduleHealth[] {
  const read = connection.prepare<HealthRow>(READ)
  return [...new Set(ids)].flatMap(id => read.all(id)).map(healthOf)
}

export function listFailing({ connection }: Books, { limit, cursor }: PageRequest): Page<ScheduleHealth> {
  const rows = connection.prepare<HealthRow>(FAILING).all(scheduleCursor(cursor) ?? '', limit + 1)
  return pageOf(rows.map(healthOf), limit, ({ scheduleId }) => scheduleId)
}

/** Of a schedule that is removed. */
export function forgetHealth({ connection }: Books, scheduleId: string): void {
  connection.prepare(FORGET).run(scheduleId)
}
