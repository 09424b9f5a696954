import type { Job } from '../../../core/job/job.ts'
import { isFinished } from '../../../core/job/job.ts'
import type { BooksPart } from '../../../store/moving.ts'
import { deliveryCodes, originCode, stateCodes } from '../../sql/codes.ts'
import { TIMELINE_COLUMNS } from '../../sql/schedule-rows.ts'
import type { Books, Sql, Statement } from '../sql.ts'
import { theOne } from '../schema/whole.ts'
import { writeAudit } from './audit.ts'
import { keepRedactions } from './declarations.ts'
import { runnerNumber, laneNumbers } from './lanes.ts'
import { ledgerCells, stateCells, timelineCells } from './schedules.ts'

// Locked, so that two imports see each other.
const IMPORTED: Statement = { text: 'SELECT import_of, import_parts FROM {books}.store FOR UPDATE' }
const REMEMBER: Statement = { text: 'UPDATE {books}.store SET import_of = $1, import_parts = $2' }
const TABLES = ['paused_queue', 'registration', 'seat', 'job', 'pack', 'finished', 'ledger', 'schedule', 'node']
const IS_EMPTY: Statement = {
  text: `SELECT NOT (${TABLES.map(table => `EXISTS (SELECT FROM {books}.${table})`).join(' OR ')})`
}

const IDENTITY: Statement = { text: 'UPDATE {books}.store SET id = $1, ledger_pruned_until = $2' }
const LAST_FENCE: Statement = {
  text: "SELECT setval('{books}.fence', greatest(CASE WHEN is_called THEN last_value END, ($1::bigint >> 11) + 1)) FROM {books}.fence"
}
/** Rows as JSON, whose keys are the table's columns. */
const into = (table: string, columns = '*'): Statement => ({
  text: `INSERT INTO {books}.${table} ${columns === '*' ? '' : `(${columns})`} SELECT ${columns} FROM json_populate_recordset(NULL::{books}.${table}, $1)`
})
const COUNT_FIRES: Statement = {
  text: `
INSERT INTO {books}.total (node, kind, name, outcome, n)
SELECT '', 'fire', '', outcome, sum(count) FROM json_populate_recordset(NULL::{books}.ledger, $1) GROUP BY outcome ORDER BY outcome
ON CONFLICT (node, kind, name, outcome) DO UPDATE SET n = total.n + excluded.n`
}
const COUNT_STEPS = ['job', 'finished'].map((table): Statement => ({
  text: `
UPDATE {books}.${table} AS job SET steps = steps + saved.count
FROM (SELECT job_id, count(*) FROM json_populate_recordset(NULL::{books}.step, $1) GROUP BY job_id) AS saved WHERE job.id = saved.job_id`
}))

const STEPS = into('step', 'job_id, name, result')
const inserts = {
  pausedQueue: into('paused_queue'),
  registration: into('registration'),
  seat: into('seat'),
  job: into('job'),
  finished: into('finished'),
  ledger: into('ledger'),
  timeline: into('timeline', TIMELINE_COLUMNS),
  schedule: into('schedule')
}

export async function importPart(books: Books, part: BooksPart): Promise<'taken' | 'not-empty'> {
  const { exportId, number, records } = part
  // Names get their numbers in commits of their own. They do no harm if the part is refused.
  const cells = { ...rowsOf(part), ...(await jobRows(books, records.job ?? [])) }
  return books.database.transaction(async tx => {
    const [importOf, parts] = theOne(books.database, await tx.query<[string | null, number]>(IMPORTED))
    if (importOf === exportId && parts > number) return 'taken'
    const isNext = importOf === null ? number === 0 && (await isEmpty(tx)) : importOf === exportId && parts === number
    if (!isNext) return 'not-empty'
    for (const { id, lastFence, ledgerPrunedUntil } of records.books ?? []) {
      await tx.query(IDENTITY, [id, ledgerPrunedUntil])
      if (lastFence > 0) await tx.query(LAST_FENCE, [lastFence])
    }
    for (const table of Object.keys(inserts) as (keyof typeof inserts)[])
      if (cells[table].length > 0) await tx.query(inserts[table], [JSON.stringify(cells[table])])
    if (cells.ledger.length > 0) await tx.query(COUNT_FIRES, [JSON.stringify(cells.ledger)])
    if (records.redaction !== undefined) await keepRedactions(tx, records.redaction)
    await writeAudit(books, records.audit ?? [], tx)
    if (records.step !== undefined) await insertSteps(tx, records.step)
    await tx.query(REMEMBER, [exportId, number + 1])
    return 'taken'
  })
}

const isEmpty = async (tx: Sql): Promise<boolean> => (await tx.query<[boolean]>(IS_EMPTY))[0]![0]

async function insertSteps(tx: Sql, steps: NonNullable<BooksPart['records']['step']>): Promise<void> {
  const rows = JSON.stringify(steps.map(({ jobId, name, result }) => ({ job_id: jobId, name, result })))
  await tx.query(STEPS, [rows])
  for (const count of COUNT_STEPS) await tx.query(count, [rows])
}

const rowsOf = ({ records }: BooksPart) => ({
  pausedQueue: (records.pausedQueue ?? []).map(({ queue, pausedAt }) => ({ queue, paused_at: pausedAt })),
  registration: records.registration ?? [],
  seat: (records.seat ?? []).map(({ seat, term, counter, ttlMs, holder, electedAt, renewedAt }) => ({
    seat,
    term,
    counter,
    ttl_ms: ttlMs,
    holder: holder?.id,
    host: holder?.host ?? '',
    pid: holder?.pid ?? 0,
    elected_at: electedAt,
    renewed_at: renewedAt
  })),
  ledger: (records.ledger ?? []).map(ledgerCells),
  timeline: (records.timeline ?? []).map(timelineCells),
  schedule: (records.schedule ?? []).map(state => stateCells(state))
})

async function jobRows(books: Books, jobs: readonly Job[]): Promise<{ job: object[]; finished: object[] }> {
  const lanes = await laneNumbers(books, jobs)
  const rows: { job: object[]; finished: object[] } = { job: [], finished: [] }
  for (const [index, job] of jobs.entries()) {
    const lane = lanes[index]!
    if (!isFinished(job.state)) rows.job.push({ ...jobCells(job, lane), ...waitingCells(job, lane) })
    else {
      const runner = job.node === undefined ? null : await runnerNumber(books, job.node)
      rows.finished.push({ ...jobCells(job, lane), ...endingCells(job), runner })
    }
  }
  return rows
}

/** The columns that unfinished and finished jobs share. */
const jobCells = (job: Job, lane: number): object => ({
  id: job.id,
  lane,
  state: stateCodes[job.state],
  run_at: job.runAt,
  payload: job.payload,
  unique_key: job.uniqueKey,
  schedule_id: job.scheduleId,
  fire_at: job.fireAt,
  origin: originCode(job),
  max_attempts: job.maxAttempts,
  delivery: deliveryCodes[job.delivery],
  keep_ms: job.keepMs,
  created_at: job.createdAt,
  failures: job.failures,
  rescues: job.rescues,
  // Older exports have none.
  snoozes: (job.snoozes as number | undefined) || undefined,
  unique_until: job.uniqueUntil,
  steps: 0,
  fence: job.fence,
  progress: job.progress,
  errors: job.errors.length === 0 ? undefined : JSON.stringify(job.errors)
})

const waitingCells = (job: Job, lane: number): object => ({
  place: 2 * lane + (job.rescues > 0 ? 1 : 0),
  unique_task: job.uniqueKey === undefined ? undefined : job.task,
  snoozed_at: job.snoozedAt
})

const endingCells = (job: Job): object => ({
  unique_task: (job.uniqueUntil ?? 0) > 0 ? job.task : undefined,
  claimed_at: job.claimedAt,
  started_at: job.startedAt,
  cancel_requested_at: job.cancelRequestedAt,
  finished_at: job.finishedAt,
  drop_at: job.state === 'completed' ? job.finishedAt! + job.keepMs : undefined,
  result: job.result
})
