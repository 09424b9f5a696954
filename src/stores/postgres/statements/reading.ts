import type { Job } from '../../../core/job/job.ts'
import type { LedgerRow } from '../../../core/schedule/ledger.ts'
import type { TimelineRow } from '../../../core/schedule/schedule.ts'
import { ledgerCursor, scheduleCursor } from '../../../store/pages/cursors.ts'
import type { LedgerFilter, Page, PageRequest, ReadingStore } from '../../../store/reading.ts'
import type { ReadSchedule } from '../../../store/schedules.ts'
import { pageOf } from '../../sql/page.ts'
import { LEDGER_COLUMNS, ledgerRowOf, scheduleOf, TIMELINE_COLUMNS, timelineRowOf } from '../../sql/schedule-rows.ts'
import type { LedgerCells, ReadScheduleRow, TimelineCells } from '../../sql/schedule-rows.ts'
import { FINISHED, jobOf, LANE, UNFINISHED } from '../jobs/job-rows.ts'
import type { JobRow } from '../jobs/job-rows.ts'
import type { Books, Statement } from '../sql.ts'
import { theOne } from '../schema/whole.ts'
import { isJobId } from '../../../core/job/job-id.ts'
import { READ_SCHEDULE } from './schedules.ts'

const SCHEDULES: Statement = {
  text: `SELECT ${READ_SCHEDULE} FROM {books}.schedule WHERE id > $1 AND ($2 OR phase <> 'removed') ORDER BY id LIMIT $3`
}

export async function listSchedules(
  { database }: Books,
  page: Parameters<ReadingStore['listSchedules']>[0]
): Promise<Page<ReadSchedule>> {
  const { limit, includeRemoved = false } = page
  const after = scheduleCursor(page.cursor) ?? ''
  const rows = await database.query<ReadScheduleRow>(SCHEDULES, [after, includeRemoved, limit + 1])
  return pageOf(rows.map(scheduleOf), limit, schedule => schedule.state.id)
}

const TIMELINE: Statement = {
  text: `SELECT ${TIMELINE_COLUMNS} FROM {books}.timeline WHERE schedule_id = $1 ORDER BY number`
}

export const readTimeline = async ({ database }: Books, scheduleId: string): Promise<TimelineRow[]> =>
  (await database.query<TimelineCells>(TIMELINE, [scheduleId])).map(timelineRowOf)

// Runs follow each other without overlapping, so the last one that begins before $2 is the first that reaches into the
// range.
const LEDGER: Statement = {
  text: `
SELECT ${LEDGER_COLUMNS} FROM {books}.ledger
WHERE schedule_id = $1 AND last_fire_at >= $2 AND fire_at <= $3 AND ($4::bigint IS NULL OR fire_at > $4)
  AND fire_at >= coalesce((SELECT max(fire_at) FROM {books}.ledger WHERE schedule_id = $1 AND fire_at <= $2), $2)
ORDER BY fire_at LIMIT $5`
}

export async function listLedger(
  { database }: Books,
  { scheduleId, from, until }: LedgerFilter,
  { limit, cursor }: PageRequest
): Promise<Page<LedgerRow>> {
  const after = ledgerCursor(cursor) ?? null
  const rows = await database.query<LedgerCells>(LEDGER, [scheduleId, from, until, after, limit + 1])
  return pageOf(rows.map(ledgerRowOf), limit, row => String(row.fireAt))
}

const LATEST: Statement = {
  text: `SELECT ${LEDGER_COLUMNS} FROM {books}.ledger WHERE schedule_id = $1 ORDER BY fire_at DESC LIMIT $2`
}

export const latestLedger = async ({ database }: Books, scheduleId: string, limit: number): Promise<LedgerRow[]> =>
  (await database.query<LedgerCells>(LATEST, [scheduleId, limit])).map(ledgerRowOf)

const PRUNED_UNTIL: Statement = { text: 'SELECT ledger_pruned_until FROM {books}.store' }

export const ledgerPrunedUntil = async ({ database }: Books): Promise<number | undefined> =>
  theOne(database, await database.query<[number | null]>(PRUNED_UNTIL))[0] ?? undefined

const JOB: Statement = {
  text: `
SELECT ${UNFINISHED.columns} FROM {books}.unfinished_of(ARRAY[$1::uuid]) AS job ${LANE}, (SELECT coalesce($2::bigint, {books}.now_ms()) AS now) AS clock
UNION ALL SELECT ${FINISHED.columns} FROM ${FINISHED.from} WHERE job.id = $1`
}

export async function readJob({ database, now }: Books, id: string): Promise<Job | undefined> {
  if (!isJobId(id)) return undefined
  const [row] = await database.query<JobRow>(JOB, [id, now()])
  return row === undefined ? undefined : jobOf(row)
}
