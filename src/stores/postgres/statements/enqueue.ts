import type { NewAuditEntry } from '../../../core/access/audit.ts'
import type { NewJob } from '../../../core/job/job.ts'
import { ofEnqueued } from '../../../store/access/entries-of.ts'
import type { EnqueueAnswer } from '../../../store/jobs.ts'
import type { Held } from '../../../store/sparing.ts'
import { deliveryCodes, originCode } from '../../sql/codes.ts'
import { isHeldByOthers } from '../errors.ts'
import type { Books, Sql, Statement } from '../sql.ts'
import { writeAudit } from './audit.ts'
import { canBeCopied, copyJobs } from './copy-jobs.ts'
import { distinctCount } from './distinct.ts'
import { laneNumbers } from './lanes.ts'

/** Writes the jobs of {@link jobsAsJson}. Returns the ids of those that were written, or null: all of them. */
const INSERT_JOBS: Statement = { name: 'insert_jobs', text: 'SELECT {books}.insert_jobs($1, $2)' }

/** New jobs as one value, for `insert_jobs`; `lanes` are their numbers, from {@link laneNumbers}. */
export const jobsAsJson = (jobs: readonly NewJob[], lanes: readonly number[]): string =>
  JSON.stringify(
    jobs.map((job, index) => ({
      id: job.id,
      lane: lanes[index],
      run_at: job.runAt,
      payload: job.payload,
      unique_task: job.uniqueKey === undefined ? undefined : job.task,
      unique_key: job.uniqueKey,
      unique_until: job.uniqueUntil,
      schedule_id: job.scheduleId,
      fire_at: job.fireAt,
      origin: originCode(job),
      max_attempts: job.maxAttempts,
      delivery: deliveryCodes[job.delivery],
      keep_ms: job.keepMs
    }))
  )

type Answer = EnqueueAnswer | Held
/** Undefined: not decided yet. */
type Answers = (Answer | undefined)[]

/** Writes through `sql`, which is the pool or a transaction. */
export async function enqueue(
  books: Books,
  jobs: readonly NewJob[],
  sql: Sql = books.database
): Promise<readonly EnqueueAnswer[]> {
  if (sql === books.database && canBeCopied(jobs) && (await copyJobs(books, jobs)))
    return answersFor(jobs, null) as EnqueueAnswer[]
  const insert = async (json: string): Promise<Inserted[0]> =>
    (await sql.query<Inserted>(INSERT_JOBS, [json, books.now()]))[0]![0]
  return (await enqueueBy(books, jobs, { sql, insert })) as EnqueueAnswer[]
}

/** As `enqueue`, with the entries about what was enqueued in the same transaction. */
export async function enqueueAudited(
  books: Books,
  jobs: readonly NewJob[],
  audit: readonly NewAuditEntry[]
): Promise<readonly EnqueueAnswer[]> {
  // Their numbers come through another connection, which the transaction must not wait for.
  await laneNumbers(books, jobs)
  return books.database.transaction(async tx => {
    const answers = await enqueue(books, jobs, tx)
    await writeAudit(books, ofEnqueued(jobs, answers, audit), tx)
    return answers
  })
}

const INSERT_SOON: Statement = { name: 'insert_jobs_soon', text: 'SELECT {books}.insert_jobs_soon($1, $2)' }
const INSERT_FREE: Statement = { text: 'SELECT written, held FROM {books}.insert_free_jobs($1, $2)' }

/** Never waits for another transaction: a job that depends on one is `held`. */
export async function enqueueSparing(books: Books, jobs: readonly NewJob[]): Promise<readonly Answer[]> {
  const { database: sql } = books
  if (canBeCopied(jobs) && (await copyJobs(books, jobs, 'sparing'))) return answersFor(jobs, null) as EnqueueAnswer[]
  const held = new Set<string>()
  const insert = async (json: string): Promise<Inserted[0]> => {
    const values = [json, books.now()]
    try {
      return (await sql.query<Inserted>(INSERT_SOON, values))[0]![0]
    } catch (error) {
      if (!isHeldByOthers(error)) throw error
    }
    const [row] = await sql.query<[written: string[], held: string[]]>(INSERT_FREE, values)
    for (const id of row![1]) held.add(id)
    return row![0]
  }
  return enqueueBy(books, jobs, { sql, insert, isHeld: id => held.has(id) })
}

export type Inserted = readonly [written: readonly string[] | null]

/** Where and how {@link jobsAsJson} is written. `insert` returns what `insert_jobs` returns. */
export interface JobWriter {
  readonly sql: Sql
  readonly insert: (json: string) => Promise<Inserted[0]>
  /** For those that the last insert did not write. */
  readonly isHeld?: (id: string) => boolean
}

export async function enqueueBy(books: Books, jobs: readonly NewJob[], writer: JobWriter): Promise<readonly Answer[]> {
  if (jobs.length === 0) return []
  const distinct = distinctCount(jobs)
  if (distinct < jobs.length) {
    const first = await enqueueBy(books, jobs.slice(0, distinct), writer)
    return [...first, ...(await enqueueBy(books, jobs.slice(distinct), writer))]
  }
  const lanes = await laneNumbers(books, jobs)
  const answers = answersFor(jobs, await writer.insert(jobsAsJson(jobs, lanes))).map((answer, index) =>
    answer === undefined && writer.isHeld?.(jobs[index]!.id) ? 'held' : answer
  )
  const refused = jobs.filter((_, index) => answers[index] === undefined)
  if (refused.length === 0) return answers as Answer[]
  const reasons = await replaceSome(books, refused, { writer, reasons: await explain(books, refused, writer.sql) })
  // What blocked an insert may be gone when it is looked up; then the insert is retried.
  const again = refused.filter((_, index) => reasons[index] === undefined)
  return fill(answers, fill(reasons, await enqueueBy(books, again, writer))) as Answer[]
}

function fill(answers: Answers, missing: Answers | readonly Answer[]): Answers {
  let next = 0
  return answers.map(answer => answer ?? missing[next++])
}

function answersFor(jobs: readonly NewJob[], ids: Inserted[0]): Answers {
  const written = ids === null ? undefined : new Set(ids)
  return jobs.map(({ id }) => (written?.delete(id) === false ? undefined : { outcome: 'enqueued', id }))
}

// One statement for all: PostgreSQL 18 plans the statement of an SQL function again at each call.
const WHY_NOT: Statement = {
  text: `
WITH refused AS MATERIALIZED (
  SELECT * FROM ROWS FROM (json_to_recordset($1::text::json) AS (id uuid, task text, key text)) WITH ORDINALITY AS refused (id, task, key, number)),
known AS MATERIALIZED (
  SELECT id FROM {books}.unfinished_of(ARRAY(SELECT id FROM refused)) UNION SELECT id FROM {books}.finished WHERE id = ANY (ARRAY(SELECT id FROM refused)))
SELECT (known.id IS NOT NULL)::text AS found, coalesce(
  (SELECT id::text FROM {books}.job WHERE unique_task = refused.task AND unique_key = refused.key),
  (SELECT id::text FROM {books}.finished WHERE unique_task = refused.task AND unique_key = refused.key
    AND unique_until > coalesce($2::text::bigint, {books}.now_ms()) LIMIT 1)) AS holder
FROM refused LEFT JOIN known ON known.id = refused.id
ORDER BY number`
}

type Reason = readonly [exists: string, jobId: string | null]

async function explain(books: Books, refused: readonly NewJob[], sql: Sql): Promise<Answers> {
  const asked = JSON.stringify(refused.map(({ id, task, uniqueKey }) => ({ id, task, key: uniqueKey })))
  const reasons = await sql.query<Reason>(WHY_NOT, [asked, books.now()?.toString() ?? null])
  return reasons.map(([exists, jobId], index) => {
    if (exists === 'true') return { outcome: 'exists', id: refused[index]!.id }
    return jobId === null ? undefined : { outcome: 'duplicate', id: jobId }
  })
}

// All values are texts, since it may run on a connection of the app.
const REPLACE: Statement = {
  text: 'SELECT {books}.replace_job($1::text::uuid, $2::text::json, $3::text::boolean, $4::text::bigint) AS done'
}

interface Refusals {
  readonly writer: JobWriter
  readonly reasons: Answers
}

/** Writes the values of those that are to replace the holder of their key into that one. */
async function replaceSome(books: Books, jobs: readonly NewJob[], { writer, reasons }: Refusals): Promise<Answers> {
  const answers = [...reasons]
  for (const [index, job] of jobs.entries()) {
    const reason = reasons[index]
    if (job.replaces !== true || typeof reason !== 'object' || reason.outcome !== 'duplicate') continue
    const lanes = await laneNumbers(books, [job])
    const [written] = JSON.parse(jobsAsJson([job], lanes)) as object[]
    // Only a sparing writer knows what others hold.
    const waits = String(writer.isHeld === undefined)
    const values = [reason.id, JSON.stringify(written), waits, books.now()?.toString() ?? null]
    const [row] = await writer.sql.query<['replaced' | 'begun' | 'held' | 'gone']>(REPLACE, values)
    if (row![0] === 'replaced') books.floors.lower({ place: 2 * lanes[0]!, run_at: 0, id: reason.id })
    answers[index] = afterReplacing(row![0], reason.id)
  }
  return answers
}

/** What is gone is asked for again. */
function afterReplacing(done: 'replaced' | 'begun' | 'held' | 'gone', id: string): Answer | undefined {
  if (done === 'held') return 'held'
  return done === 'gone' ? undefined : { outcome: done === 'replaced' ? 'replaced' : 'duplicate', id }
}
