import type { NewJob } from '../../../core/job.ts'
import type { EnqueueAnswer } from '../../../store/jobs.ts'
import { deliveryCodes, originCode } from '../../sql/codes.ts'
import type { Books, Sql, Statement } from '../sql.ts'
import { canBeCopied, copyJobs } from './copy-jobs.ts'
import { distinctCount } from './distinct.ts'
import { laneNumbers } from './lanes.ts'

/** Writes the jobs of {@link jobsAsJson}; answers the ids of those that were written, or null: all of them. */
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
      schedule_id: job.scheduleId,
      fire_at: job.fireAt,
      origin: originCode(job),
      max_attempts: job.maxAttempts,
      delivery: deliveryCodes[job.delivery],
      keep_ms: job.keepMs
    }))
  )

/** What is undefined has no answer yet. */
type Answers = (EnqueueAnswer | undefined)[]

/** Through `sql`, the pool or a transaction. */
export async function enqueue(
  books: Books,
  jobs: readonly NewJob[],
  sql: Sql = books.database
): Promise<readonly EnqueueAnswer[]> {
  if (sql === books.database && canBeCopied(jobs) && (await copyJobs(books, jobs)))
    return answersFor(jobs, null) as EnqueueAnswer[]
  const insert = async (json: string): Promise<Inserted[0]> =>
    (await sql.query<Inserted>(INSERT_JOBS, [json, books.now()]))[0]![0]
  return enqueueBy(books, jobs, { sql, insert })
}

export type Inserted = readonly [written: readonly string[] | null]

/** Where jobs are written, and how {@link jobsAsJson} is: the answer is that of `insert_jobs`. */
export interface Way {
  readonly sql: Sql
  readonly insert: (json: string) => Promise<Inserted[0]>
}

export async function enqueueBy(books: Books, jobs: readonly NewJob[], way: Way): Promise<readonly EnqueueAnswer[]> {
  if (jobs.length === 0) return []
  const distinct = distinctCount(jobs)
  if (distinct < jobs.length) {
    const first = await enqueueBy(books, jobs.slice(0, distinct), way)
    return [...first, ...(await enqueueBy(books, jobs.slice(distinct), way))]
  }
  const lanes = await laneNumbers(books, jobs)
  const answers = answersFor(jobs, await way.insert(jobsAsJson(jobs, lanes)))
  const refused = jobs.filter((_, index) => answers[index] === undefined)
  if (refused.length === 0) return answers as EnqueueAnswer[]
  const reasons = await explain(refused, way.sql)
  // Whatever stood in the way may be gone by the time it is asked for; then the insert is tried again.
  const again = refused.filter((_, index) => reasons[index] === undefined)
  return fill(answers, fill(reasons, await enqueueBy(books, again, way))) as EnqueueAnswer[]
}

function fill(answers: Answers, missing: readonly (EnqueueAnswer | undefined)[]): Answers {
  let next = 0
  return answers.map(answer => answer ?? missing[next++])
}

function answersFor(jobs: readonly NewJob[], ids: Inserted[0]): Answers {
  const written = ids === null ? undefined : new Set(ids)
  return jobs.map(({ id }) => (written?.delete(id) === false ? undefined : { outcome: 'enqueued', id }))
}

const WHY_NOT: Statement = {
  text: `
SELECT EXISTS (SELECT FROM {books}.unfinished_of(ARRAY[refused.id])) OR EXISTS (SELECT FROM {books}.finished WHERE id = refused.id),
  (SELECT id FROM {books}.job WHERE unique_task = refused.task AND unique_key = refused.key)
FROM ROWS FROM (json_to_recordset($1::text::json) AS (id uuid, task text, key text)) WITH ORDINALITY AS refused (id, task, key, number)
ORDER BY number`
}

type Reason = readonly [exists: boolean, holder: string | null]

async function explain(refused: readonly NewJob[], sql: Sql): Promise<Answers> {
  const asked = JSON.stringify(refused.map(({ id, task, uniqueKey }) => ({ id, task, key: uniqueKey })))
  const reasons = await sql.query<Reason>(WHY_NOT, [asked])
  return reasons.map(([exists, holder], index) => {
    if (exists) return { outcome: 'exists', id: refused[index]!.id }
    return holder === null ? undefined : { outcome: 'duplicate', id: holder }
  })
}
