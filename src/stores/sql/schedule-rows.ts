import type {
  PhaseBy,
  ScheduleDefinition,
  SchedulePhase,
  ScheduleState,
  TimelineRow
} from '../../core/schedule/schedule.ts'
import type { LedgerOutcome, LedgerRow } from '../../core/schedule/ledger.ts'
import type { ReadSchedule } from '../../store/schedules.ts'

/**
 * Schedules that are not as their code wants them: orphans and removed ones. Both stores have an index with this
 * condition.
 */
export const IS_ASIDE = "orphaned_at IS NOT NULL OR phase = 'removed' OR phase_by = 'orphans'"

export const SCHEDULE_COLUMNS =
  'id, definition, phase, app, release, revision, valid_from, decided_until, next_fire_at, jobs_created, fires, last_job_created_at, orphaned_at, phase_by, timezone_data, fired_ahead'

/** {@link SCHEDULE_COLUMNS}, how many of the schedule's jobs are unfinished, and `pause_note`. */
export type ReadScheduleRow = readonly [
  id: string,
  definition: string,
  phase: string,
  app: string,
  release: number,
  revision: number,
  validFrom: number,
  decidedUntil: number,
  nextFireAt: number | null,
  jobsCreated: number,
  fires: number,
  lastJobCreatedAt: number | null,
  orphanedAt: number | null,
  phaseBy: string | null,
  timezoneData: string | null,
  firedAhead: string | null,
  liveJobs: number,
  pauseNote: string | null
]

/** The text of the column. */
export const firedAheadText = ({ firedAhead }: ScheduleState): string | null =>
  firedAhead === undefined ? null : JSON.stringify(firedAhead)

/** The text of the column: the note, and the revision that was written with it. */
export const pauseNoteText = ({ pauseNote, revision }: ScheduleState): string | null =>
  pauseNote === undefined ? null : JSON.stringify([revision, pauseNote])

/** A release that knows no notes may have changed the schedule since: then the note is not that of its phase. */
function pauseNoteIn(text: string | null, revision: number): string | undefined {
  if (text === null) return undefined
  const [notedAt, note] = JSON.parse(text) as [number, string]
  return notedAt === revision ? note : undefined
}

export const scheduleOf = (row: ReadScheduleRow): ReadSchedule => ({ state: stateOf(row), liveJobs: row[16] })

function stateOf(row: ReadScheduleRow): ScheduleState {
  const [id, definition, phase, app, release, revision, validFrom, decidedUntil, nextFireAt, jobsCreated, fires] = row
  return {
    id,
    definition: JSON.parse(definition) as ScheduleDefinition,
    phase: phase as SchedulePhase,
    app,
    release,
    revision,
    validFrom,
    decidedUntil,
    nextFireAt: nextFireAt ?? undefined,
    jobsCreated,
    fires,
    lastJobCreatedAt: row[11] ?? undefined,
    orphanedAt: row[12] ?? undefined,
    phaseBy: (row[13] ?? undefined) as PhaseBy | undefined,
    timezoneData: row[14] ?? undefined,
    firedAhead: row[15] === null ? undefined : (JSON.parse(row[15]) as number[]),
    // Rows of PostgreSQL's `due_schedules` end before it: they are active.
    pauseNote: pauseNoteIn(row[17] ?? null, revision)
  }
}

export const TIMELINE_COLUMNS = 'schedule_id, revision, phase, definition, valid_from, release, phase_by'
export type TimelineCells = readonly [string, number, string, string, number, number, string | null]

export const timelineRowOf = ([
  scheduleId,
  revision,
  phase,
  definition,
  validFrom,
  release,
  phaseBy
]: TimelineCells): TimelineRow => ({
  scheduleId,
  revision,
  phase: phase as SchedulePhase,
  definition: JSON.parse(definition) as ScheduleDefinition,
  validFrom,
  release,
  phaseBy: (phaseBy ?? undefined) as PhaseBy | undefined
})

export const LEDGER_COLUMNS =
  'schedule_id, fire_at, last_fire_at, count, outcome, job_id, decided_at, next_fire_at, revision, timezone_data, node'

export type LedgerCells = readonly [
  scheduleId: string,
  fireAt: number,
  lastFireAt: number,
  count: number,
  outcome: string,
  jobId: string | null,
  decidedAt: number,
  nextFireAt: number | null,
  revision: number,
  timezoneData: string,
  node: string
]

export function ledgerRowOf(row: LedgerCells): LedgerRow {
  const [scheduleId, fireAt, lastFireAt, count, outcome, jobId, decidedAt, nextFireAt, revision, timezoneData, node] =
    row
  return {
    scheduleId,
    fireAt,
    lastFireAt,
    count,
    outcome: outcome as LedgerOutcome,
    jobId: jobId ?? undefined,
    decidedAt,
    nextFireAt: nextFireAt ?? undefined,
    revision,
    timezoneData,
    node
  }
}
