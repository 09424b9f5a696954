import { isText } from '../../../core/options/forms.ts'
import type { LedgerRow } from '../../../core/schedule/ledger.ts'
import type { ScheduleState, TimelineRow } from '../../../core/schedule/schedule.ts'
import type { ReadSchedule, ScheduleWrite } from '../../../store/schedules.ts'
import type { Held } from '../../../store/sparing.ts'
import { firedAheadText, pauseNoteText, SCHEDULE_COLUMNS, scheduleOf } from '../../sql/schedule-rows.ts'
import type { ReadScheduleRow } from '../../sql/schedule-rows.ts'
import { isHeldByOthers, isUniqueViolation } from '../errors.ts'
import type { Books, Statement } from '../sql.ts'
import { auditCells, auditPart } from './audit.ts'
import { jobsAsJson } from './enqueue.ts'
import { laneNumbers } from './lanes.ts'

/** Keeps a statement far below its deadline: about 50 ms. */
const MAX_WRITES = 1_000
const WRITE: Statement = {
  name: 'write_schedules',
  text: 'SELECT {books}.write_schedules($1, $2, $3, $4, $5, $6, $7, $8)'
}

const WRITE_SOON: Statement = {
  name: 'write_schedules_soon',
  text: 'SELECT {books}.write_schedules_soon($1, $2, $3, $4, $5, $6, $7, $8)'
}

/** The same with entries about the changes, which operators make: each is written if its schedule was. */
const audited = ({ text }: Statement): Statement => ({
  text: `
WITH done AS MATERIALIZED (${text} AS written),${auditPart({
    entries: '$9',
    at: '$7',
    where: 'JOIN done ON done.written IS NULL OR entry.target_id = ANY (done.written)'
  })}
SELECT written FROM done`
})
const WRITE_AUDITED = audited(WRITE)
const WRITE_SOON_AUDITED = audited(WRITE_SOON)

type Answer = 'written' | 'conflict'

/** One statement per batch in which no schedule is written twice: later writes must see the earlier ones. */
export const writeSchedules = (books: Books, writes: readonly ScheduleWrite[]): Promise<Answer[]> =>
  inBatches(writes, batch => writeBatch(books, batch))

/** Never waits for another transaction: a schedule that one holds is `held`, and the others are written. */
export const writeSchedulesSparing = (books: Books, writes: readonly ScheduleWrite[]): Promise<(Answer | Held)[]> =>
  inBatches(writes, batch => writeFree(books, batch))

async function inBatches<T>(
  writes: readonly ScheduleWrite[],
  write: (batch: readonly ScheduleWrite[]) => Promise<T[]>
): Promise<T[]> {
  const answers: T[] = []
  while (answers.length < writes.length) {
    const end = endOfBatch(writes, answers.length)
    answers.push(...(await write(writes.slice(answers.length, end))))
  }
  return answers
}

function endOfBatch(writes: readonly ScheduleWrite[], start: number): number {
  const ids = new Set<string>()
  let end = start
  while (end < writes.length && ids.size < MAX_WRITES && !ids.has(writes[end]!.state.id))
    ids.add(writes[end++]!.state.id)
  return end
}

/**
 * A write whose ledger row or job exists already fails the whole batch: the batch is halved until that write is alone.
 */
async function writeBatch(books: Books, writes: readonly ScheduleWrite[]): Promise<Answer[]> {
  try {
    return await writeAtOnce(books, writes)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    if (writes.length === 1) return ['conflict']
  }
  const middle = writes.length >> 1
  return [...(await writeBatch(books, writes.slice(0, middle))), ...(await writeBatch(books, writes.slice(middle)))]
}

/** Like `writeBatch`, but leaves out at once the schedules that others hold, and halves the rest. */
async function writeFree(books: Books, writes: readonly ScheduleWrite[]): Promise<(Answer | Held)[]> {
  if (writes.length === 0) return []
  try {
    return await writeAtOnce(books, writes, { plain: WRITE_SOON, withEntries: WRITE_SOON_AUDITED })
  } catch (error) {
    const isHeld = isHeldByOthers(error)
    if (!isHeld && !isUniqueViolation(error)) throw error
    if (writes.length === 1) return [isHeld ? 'held' : 'conflict']
    const held = isHeld ? await heldSchedules(books, writes) : new Set()
    if (held.size > 0) {
      const answers = (
        await writeFree(
          books,
          writes.filter(({ state }) => !held.has(state.id))
        )
      ).values()
      return writes.map(({ state }) => (held.has(state.id) ? 'held' : answers.next().value!))
    }
  }
  const middle = writes.length >> 1
  return [...(await writeFree(books, writes.slice(0, middle))), ...(await writeFree(books, writes.slice(middle)))]
}

const HELD: Statement = { text: 'SELECT * FROM {books}.held_schedules($1)' }

async function heldSchedules({ database }: Books, writes: readonly ScheduleWrite[]): Promise<Set<string>> {
  const rows = await database.query<[string]>(HELD, [writes.map(({ state }) => state.id)])
  return new Set(rows.map(([id]) => id))
}

async function writeAtOnce(
  books: Books,
  writes: readonly ScheduleWrite[],
  { plain, withEntries } = { plain: WRITE, withEntries: WRITE_AUDITED }
): Promise<Answer[]> {
  const jobs = writes.flatMap(write => write.jobs)
  const creations = writes.filter(({ guard }) => guard === undefined)
  // So that their first fires need not wait for lanes to be created.
  await laneNumbers(
    books,
    creations.map(({ state }) => state.definition)
  )
  const audit = writes.flatMap(write => write.audit ?? [])
  const [statement, entries] = audit.length === 0 ? [plain, []] : [withEntries, [auditCells(audit)]]
  const [row] = await books.database.query<[string[] | null]>(statement, [
    JSON.stringify(creations.map(writeCells)),
    JSON.stringify(writes.filter(write => write.guard !== undefined).map(writeCells)),
    JSON.stringify(writes.flatMap(write => write.ledger.map(ledgerCells))),
    JSON.stringify(writes.flatMap(write => write.timeline.map(timelineCells))),
    jobsAsJson(jobs, await laneNumbers(books, jobs)),
    writes.flatMap(write => write.jobs.map(() => write.state.id)),
    books.now(),
    takenBack(writes),
    ...entries
  ])
  const written = row![0] === null ? undefined : new Set(row![0])
  return writes.map(({ state }) => (written?.has(state.id) === false ? 'conflict' : 'written'))
}

function takenBack(writes: readonly ScheduleWrite[]): string | null {
  const those = writes.filter(({ takesBackAfter }) => takesBackAfter !== undefined)
  return those.length === 0
    ? null
    : JSON.stringify(those.map(({ state: { id }, takesBackAfter: after }) => ({ id, after })))
}

/** The definition is left out where it stays the same: every change of it raises the revision. */
const writeCells = ({ state, guard }: ScheduleWrite): object => ({
  ...stateCells(state, state.revision === guard?.revision ? null : undefined),
  was_decided_until: guard?.decidedUntil,
  was_revision: guard?.revision,
  was_jobs_created: guard?.jobsCreated,
  was_orphaned_at: guard?.orphanedAt,
  was_timezone_data: guard?.timezoneData
})

/** By column name, like the next two functions. */
export const stateCells = (state: ScheduleState, definition: string | null = JSON.stringify(state.definition)) => ({
  id: state.id,
  definition,
  phase: state.phase,
  app: state.app,
  release: state.release,
  revision: state.revision,
  valid_from: state.validFrom,
  decided_until: state.decidedUntil,
  next_fire_at: state.nextFireAt,
  jobs_created: state.jobsCreated,
  fires: state.fires,
  last_job_created_at: state.lastJobCreatedAt,
  orphaned_at: state.orphanedAt,
  phase_by: state.phaseBy,
  timezone_data: state.timezoneData,
  fired_ahead: firedAheadText(state),
  pause_note: pauseNoteText(state)
})

export const ledgerCells = (row: LedgerRow): object => ({
  schedule_id: row.scheduleId,
  fire_at: row.fireAt,
  last_fire_at: row.lastFireAt,
  count: row.count,
  outcome: row.outcome,
  job_id: row.jobId,
  decided_at: row.decidedAt,
  next_fire_at: row.nextFireAt,
  revision: row.revision,
  timezone_data: row.timezoneData,
  node: row.node
})

export const timelineCells = (row: TimelineRow): object => ({
  schedule_id: row.scheduleId,
  revision: row.revision,
  phase: row.phase,
  definition: JSON.stringify(row.definition),
  valid_from: row.validFrom,
  release: row.release,
  phase_by: row.phaseBy
})

/** A schedule as it is read for a decision. */
export const READ_SCHEDULE = `${SCHEDULE_COLUMNS}, (SELECT count(*) FROM {books}.job WHERE schedule_id = schedule.id), pause_note`

// Only the routine is prepared. The others have no name: plans prepared on small tables would later read the whole of
// large ones.
const DUE: Statement = { name: 'due_schedules', text: 'SELECT * FROM {books}.due_schedules($1, $2, $3)' }
const BY_ID: Statement = {
  text: `
SELECT clock.now, found.* FROM (SELECT coalesce($1::bigint, {books}.now_ms()) AS now) AS clock
LEFT JOIN LATERAL (SELECT ${READ_SCHEDULE} FROM {books}.schedule WHERE id = ANY ($2)) AS found ON true`
}
const AHEAD: Statement = {
  text: `
SELECT clock.now, found.* FROM (SELECT coalesce($1::bigint, {books}.now_ms()) AS now) AS clock
LEFT JOIN LATERAL (SELECT ${READ_SCHEDULE} FROM {books}.schedule
  WHERE phase <> 'ended' AND greatest(decided_until, valid_from) > clock.now + $2 ORDER BY id LIMIT $3) AS found ON true`
}
const NEXT_DUE: Statement = {
  text: `SELECT next_fire_at FROM {books}.schedule WHERE phase = 'active' AND next_fire_at IS NOT NULL ORDER BY next_fire_at LIMIT 1`
}

interface Read {
  readonly now: number
  readonly schedules: readonly ReadSchedule[]
}
type Row = readonly [now: number, ...schedule: ReadScheduleRow | [null]]

export const dueSchedules = async ({ database, now }: Books, limit: number, skipShare = 0): Promise<Read> =>
  readOf(await database.query<Row>(DUE, [now(), limit, skipShare]))

export const aheadSchedules = async ({ database, now }: Books, toleranceMs: number, limit: number): Promise<Read> =>
  readOf(await database.query<Row>(AHEAD, [now(), toleranceMs, limit]))

export const readSchedules = async ({ database, now }: Books, ids: readonly string[]): Promise<Read> =>
  readOf(await database.query<Row>(BY_ID, [now(), ids.filter(isText)]))

/** If there is no schedule, the first row holds only the clock. */
const readOf = (rows: readonly Row[]): Read => ({
  now: rows[0]![0],
  schedules: rows.flatMap(([, ...schedule]) => (schedule[0] === null ? [] : [scheduleOf(schedule)]))
})

export const nextDueAt = async ({ database }: Books): Promise<number | undefined> =>
  (await database.query<[number]>(NEXT_DUE))[0]?.[0]

const UNDER_OTHER_ZONE_DATA: Statement = {
  text: `
SELECT ${READ_SCHEDULE} FROM {books}.schedule
WHERE id > $1 AND phase = 'active' AND timezone_data <> $2 ORDER BY id LIMIT $3`
}

export async function schedulesUnderOtherZoneData(
  { database }: Books,
  timezoneData: string,
  { afterId, limit }: { readonly afterId: string; readonly limit: number }
): Promise<ReadSchedule[]> {
  const rows = await database.query<ReadScheduleRow>(UNDER_OTHER_ZONE_DATA, [afterId, timezoneData, limit])
  return rows.map(scheduleOf)
}
