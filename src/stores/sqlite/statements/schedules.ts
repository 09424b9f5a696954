import { countsOfDecisions, type NodeTotal } from '../../../core/counts/total.ts'
import type { LedgerOutcome, LedgerRow } from '../../../core/schedule/ledger.ts'
import type { ScheduleState } from '../../../core/schedule/schedule.ts'
import type { ReadSchedule, ScheduleGuard, ScheduleWrite } from '../../../store/schedules.ts'
import type { Books } from '../books.ts'
import { orNull } from '../books.ts'
import { firedAheadText, LEDGER_COLUMNS, pauseNoteText, scheduleOf, TIMELINE_COLUMNS } from '../../sql/schedule-rows.ts'
import type { ReadScheduleRow } from '../../sql/schedule-rows.ts'
import { READ_SCHEDULE } from './reading.ts'
import { addToTotals } from './counts.ts'
import { forgetHealth } from './health.ts'
import { jobInserter } from './enqueue.ts'

const CREATION = `
INSERT INTO escapement_schedule (definition, phase, app, release, revision, valid_from, decided_until, next_fire_at, jobs_created, fires, last_job_created_at, phase_by, timezone_data, fired_ahead, pause_note, orphaned_at, id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
// The compare-and-set of rule 1. A decision that was read before a registration must not undo the mark that the
// registration set. Only a change, which raises the revision, sets the mark, and it must have read the current one.
const CHANGE = `
UPDATE escapement_schedule SET definition = ?, phase = ?, app = ?, release = ?, revision = ?, valid_from = ?, decided_until = ?, next_fire_at = ?,
  jobs_created = ?, fires = ?, last_job_created_at = ?, phase_by = ?, timezone_data = ?, fired_ahead = ?, pause_note = ?, orphaned_at = iif(revision = ?, orphaned_at, ?)
WHERE id = ? AND decided_until = ? AND revision = ? AND jobs_created = ? AND timezone_data IS ? AND (revision = ? OR orphaned_at IS ?)`
// Runs follow each other without overlapping: the last one that begins before the instant is the first that ends after
// it.
const TAKE_BACK = `
DELETE FROM escapement_ledger WHERE schedule_id = ? AND last_fire_at > ?
  AND fire_at >= coalesce((SELECT max(fire_at) FROM escapement_ledger WHERE schedule_id = ? AND fire_at <= ?), 0)
RETURNING node, outcome, count`
const LEDGER_ROW = `
INSERT INTO escapement_ledger (${LEDGER_COLUMNS})
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
const TIMELINE_ROW = `
INSERT INTO escapement_timeline (${TIMELINE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`

/** Each write succeeds or fails on its own: a conflict undoes only what that write wrote. */
export function writeSchedules(books: Books, writes: readonly ScheduleWrite[]): ('written' | 'conflict')[] {
  const { connection } = books
  const decided: LedgerRow[] = []
  const undecided: NodeTotal[] = []
  const answers = writes.map(write => {
    connection.prepare('SAVEPOINT one_schedule').run()
    const takenBack = writeOne(books, write)
    if (takenBack === undefined) connection.prepare('ROLLBACK TO one_schedule').run()
    else if (takenBack.length === 0) decided.push(...write.ledger)
    else undecided.push(...countsOfDecisions(write.ledger, takenBack))
    connection.prepare('RELEASE one_schedule').run()
    return takenBack === undefined ? 'conflict' : 'written'
  })
  addToTotals(books, [...countsOfDecisions(decided, []), ...undecided])
  return answers
}

type TakenBack = Pick<LedgerRow, 'node' | 'outcome' | 'count'>

/** Returns the rows that it took back. Undefined: a conflict. */
function writeOne(books: Books, write: ScheduleWrite): TakenBack[] | undefined {
  const isSet =
    write.guard === undefined ? insertState(books, write.state) : changeState(books, write.state, write.guard)
  if (!isSet) return undefined
  if (write.state.phase === 'removed') forgetHealth(books, write.state.id)
  const takenBack = takeBack(books, write)
  const isWritten =
    write.ledger.every(row => insertLedgerRow(books, row)) &&
    write.jobs.every(jobInserter(books)) &&
    write.timeline.every(row => insertTimelineRow(books, row))
  return isWritten ? takenBack : undefined
}

function takeBack({ connection }: Books, { state: { id }, takesBackAfter }: ScheduleWrite): TakenBack[] {
  if (takesBackAfter === undefined) return []
  return connection
    .prepare<[string, LedgerOutcome, number]>(TAKE_BACK)
    .all(id, takesBackAfter, id, takesBackAfter)
    .map(([node, outcome, count]) => ({ node, outcome, count }))
}

export function insertState({ connection }: Books, state: ScheduleState): boolean {
  const { changes } = connection.prepare(CREATION).run(...cellsOf(state), orNull(state.orphanedAt), state.id)
  return Number(changes) > 0
}

function changeState({ connection }: Books, state: ScheduleState, guard: ScheduleGuard): boolean {
  const { decidedUntil, revision, jobsCreated, orphanedAt, timezoneData } = guard
  const orphaned = [state.revision, orNull(state.orphanedAt)]
  const compared = [decidedUntil, revision, jobsCreated, orNull(timezoneData), state.revision, orNull(orphanedAt)]
  const { changes } = connection.prepare(CHANGE).run(...cellsOf(state), ...orphaned, state.id, ...compared)
  return Number(changes) > 0
}

const cellsOf = (state: ScheduleState) => [
  JSON.stringify(state.definition),
  state.phase,
  state.app,
  state.release,
  state.revision,
  state.validFrom,
  state.decidedUntil,
  orNull(state.nextFireAt),
  state.jobsCreated,
  state.fires,
  orNull(state.lastJobCreatedAt),
  orNull(state.phaseBy),
  orNull(state.timezoneData),
  firedAheadText(state),
  pauseNoteText(state)
]

export function insertLedgerRow({ connection }: Books, row: ScheduleWrite['ledger'][number]): boolean {
  const { changes } = connection
    .prepare(LEDGER_ROW)
    .run(
      row.scheduleId,
      row.fireAt,
      row.lastFireAt,
      row.count,
      row.outcome,
      orNull(row.jobId),
      row.decidedAt,
      orNull(row.nextFireAt),
      row.revision,
      row.timezoneData,
      row.node
    )
  return Number(changes) > 0
}

export function insertTimelineRow({ connection }: Books, row: ScheduleWrite['timeline'][number]): boolean {
  const { scheduleId, revision, phase, definition, validFrom, release, phaseBy } = row
  connection
    .prepare(TIMELINE_ROW)
    .run(scheduleId, revision, phase, JSON.stringify(definition), validFrom, release, orNull(phaseBy))
  return true
}

const IS_DUE = "phase = 'active' AND next_fire_at IS NOT NULL AND next_fire_at <= ?"
const DUE = `
SELECT ${READ_SCHEDULE} FROM escapement_schedule WHERE ${IS_DUE} ORDER BY next_fire_at, id LIMIT ? OFFSET ?`
const COUNT_DUE = `SELECT count(*) FROM escapement_schedule WHERE ${IS_DUE}`
const AHEAD = `
SELECT ${READ_SCHEDULE} FROM escapement_schedule WHERE phase <> 'ended' AND max(decided_until, valid_from) > ? ORDER BY id LIMIT ?`
const BY_ID = `SELECT ${READ_SCHEDULE} FROM escapement_schedule WHERE id = ?`
const NEXT_DUE = `
SELECT next_fire_at FROM escapement_schedule WHERE phase = 'active' AND next_fire_at IS NOT NULL ORDER BY next_fire_at LIMIT 1`

export function dueSchedules(
  { connection, now }: Books,
  limit: number,
  skipShare = 0
): { now: number; schedules: ReadSchedule[] } {
  const at = now()
  // The count and the read may see different states: then the read begins at another row, which does no harm.
  const count = skipShare > 0 ? connection.prepare<[number]>(COUNT_DUE).get(at)![0] : 0
  const start = Math.floor(skipShare * Math.max(0, count - limit))
  return { now: at, schedules: connection.prepare<ReadScheduleRow>(DUE).all(at, limit, start).map(scheduleOf) }
}

export function aheadSchedules(
  { connection, now }: Books,
  toleranceMs: number,
  limit: number
): { now: number; schedules: ReadSchedule[] } {
  const at = now()
  return {
    now: at,
    schedules: connection
      .prepare<ReadScheduleRow>(AHEAD)
      .all(at + toleranceMs, limit)
      .map(scheduleOf)
  }
}

export function readSchedules(
  { connection, now }: Books,
  ids: readonly string[]
): { now: number; schedules: ReadSchedule[] } {
  const byId = connection.prepare<ReadScheduleRow>(BY_ID)
  const rows = ids.map(id => byId.get(id)).filter(row => row !== undefined)
  return { now: now(), schedules: rows.map(scheduleOf) }
}

export const nextDueAt = ({ connection }: Books): number | undefined =>
  connection.prepare<[number]>(NEXT_DUE).get()?.[0]

const UNDER_OTHER_ZONE_DATA = `
SELECT ${READ_SCHEDULE} FROM escapement_schedule
WHERE id > ? AND phase = 'active' AND timezone_data IS NOT NULL AND timezone_data <> ? ORDER BY id LIMIT ?`

export const schedulesUnderOtherZoneData = (
  { connection }: Books,
  timezoneData: string,
  { afterId, limit }: { readonly afterId: string; readonly limit: number }
): ReadSchedule[] =>
  connection.prepare<ReadScheduleRow>(UNDER_OTHER_ZONE_DATA).all(afterId, timezoneData, limit).map(scheduleOf)
