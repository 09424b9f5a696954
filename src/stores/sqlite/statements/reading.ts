import type { Job } from '../../../core/job/job.ts'
import type { LedgerRow } from '../../../core/schedule/ledger.ts'
import type { TimelineRow } from '../../../core/schedule/schedule.ts'
import { ledgerCursor, scheduleCursor } from '../../../store/pages/cursors.ts'
import type { LedgerFilter, Page, PageRequest, ReadingStore } from '../../../store/reading.ts'
import type { ReadSchedule } from '../../../store/schedules.ts'
import { pageOf } from '../../sql/page.ts'
import type { Books } from '../books.ts'
import { theOne } from '../books.ts'
import { FINISHED, jobOf, UNFINISHED } from '../jobs/job-rows.ts'
import type { JobRecord } from '../jobs/job-rows.ts'
import {
  LEDGER_COLUMNS,
  ledgerRowOf,
  SCHEDULE_COLUMNS,
  scheduleOf,
  TIMELINE_COLUMNS,
  timelineRowOf
} from '../../sql/schedule-rows.ts'
import type { LedgerCells, ReadScheduleRow, TimelineCells } from '../../sql/schedule-rows.ts'

/** A schedule as it is read for a decision. */
export const READ_SCHEDULE = `${SCHEDULE_COLUMNS}, (SELECT count(*) FROM escapement_job WHERE schedule_id = escapement_schedule.id), pause_note`

const SCHEDULES = `
SELECT ${READ_SCHEDULE} FROM escapement_schedule WHERE id > ? AND (? OR phase <> 'removed') ORDER BY id LIMIT ?`

export function listSchedules(
  { connection }: Books,
  page: Parameters<ReadingStore['listSchedules']>[0]
): Page<ReadSchedule> {
  const { limit, includeRemoved = false } = page
  const after = scheduleCursor(page.cursor) ?? ''
  const rows = connection.prepare<ReadScheduleRow>(SCHEDULES).all(after, Number(includeRemoved), limit + 1)
  return pageOf(rows.map(scheduleOf), limit, schedule => schedule.state.id)
}

const TIMELINE = `SELECT ${TIMELINE_COLUMNS} FROM escapement_timeline WHERE schedule_id = ? ORDER BY number`

export const readTimeline = ({ connection }: Books, scheduleId: string): TimelineRow[] =>
  connection.prepare<TimelineCells>(TIMELINE).all(scheduleId).map(timelineRowOf)

// Runs follow each other without overlapping, so the last one that begins before `from` is the first that reaches into
// the range.
const LEDGER = `
SELECT ${LEDGER_COLUMNS} FROM escapement_ledger
WHERE schedule_id = ? AND fire_at <= ? AND last_fire_at >= ? AND fire_at > ?
  AND fire_at >= coalesce((SELECT max(fire_at) FROM escapement_ledger WHERE schedule_id = ? AND fire_at <= ?), ?)
ORDER BY fire_at LIMIT ?`

export function listLedger(
  { connection }: Books,
  filter: LedgerFilter,
  { limit, cursor }: PageRequest
): Page<LedgerRow> {
  const after = ledgerCursor(cursor) ?? Number.MIN_SAFE_INTEGER
  const { scheduleId, from, until } = filter
  const rows = connection
    .prepare<LedgerCells>(LEDGER)
    .all(scheduleId, until, from, after, scheduleId, from, from, limit + 1)
  return pageOf(rows.map(ledgerRowOf), limit, row => String(row.fireAt))
}

const LATEST = `
SELECT ${LEDGER_COLUMNS} FROM escapement_ledger WHERE schedule_id = ? ORDER BY fire_at DESC LIMIT ?`

export const latestLedger = ({ connection }: Books, scheduleId: string, limit: number): LedgerRow[] =>
  connection.prepare<LedgerCells>(LATEST).all(scheduleId, limit).map(ledgerRowOf)

export const ledgerPrunedUntil = ({ connection }: Books): number | undefined =>
  theOne(
    connection,
    connection.prepare<[number | null]>('SELECT ledger_pruned_until FROM escapement_store').get()
  )[0] ?? undefined

export function readJob({ connection, names }: Books, id: string): Job | undefined {
  const row =
    connection.prepareRecords<JobRecord>(`${UNFINISHED} WHERE job.id = ?`).get(id) ??
    connection.prepareRecords<JobRecord>(`${FINISHED} WHERE id = ?`).get(id)
  return row === undefined ? undefined : jobOf(names, row)
}
