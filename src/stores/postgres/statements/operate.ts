import { cancelledAfter, type NewAuditEntry } from '../../../core/access/audit.ts'
import type { CancelAnswer, RetryAnswer } from '../../../store/jobs.ts'
import type { ScheduleGuard } from '../../../store/schedules.ts'
import type { Books, Statement } from '../sql.ts'
import { isJobId } from '../../../core/job/job-id.ts'
import { auditCells, auditPart } from './audit.ts'

const UNPACK: Statement = { text: 'SELECT {books}.unpack_jobs($1)' }
const CANCEL: Statement = {
  text: `
WITH answer AS MATERIALIZED (SELECT id, is_running FROM {books}.cancel_jobs($1, $2)),${auditPart({
    entries: '$3',
    at: '$2',
    where: 'JOIN answer ON answer.id::text = entry.target_id',
    after: `CASE WHEN answer.is_running THEN '${cancelledAfter.requested}' ELSE '${cancelledAfter.cancelled}' END`
  })}
SELECT id, is_running FROM answer`
}
const WHERE_NOW: Statement = {
  text: `
SELECT id, false FROM {books}.unfinished_of($1) UNION ALL SELECT id, true FROM {books}.finished WHERE id = ANY ($1)`
}

/** Treats a repeated id as if the calls came one after the other. */
export async function cancel(
  books: Books,
  ids: readonly string[],
  audit?: readonly NewAuditEntry[]
): Promise<CancelAnswer[]> {
  const answers = await cancelEach(books, [...new Set(ids)].filter(isJobId), auditCells(audit))
  return ids.map(id => {
    const answer = answers.get(id) ?? 'unknown'
    if (answer === 'cancelled') answers.set(id, 'finished')
    return answer
  })
}

/** Ids that don't exist are not in the result. */
async function cancelEach(books: Books, ids: readonly string[], audit: string): Promise<Map<string, CancelAnswer>> {
  if (ids.length === 0) return new Map()
  const { database } = books
  // In a commit of its own: a cancel may wait for a job that somebody is writing, in another pack or in none.
  await database.query(UNPACK, [ids])
  const written = await database.query<[string, boolean]>(CANCEL, [ids, books.now(), audit])
  const answers = new Map(
    written.map(([id, isRunning]): [string, CancelAnswer] => [id, isRunning ? 'requested' : 'cancelled'])
  )
  const others = ids.filter(id => !answers.has(id))
  const found = others.length === 0 ? [] : await database.query<[string, boolean]>(WHERE_NOW, [others])
  for (const [id, isFinished] of found) if (isFinished) answers.set(id, 'finished')
  // An operator has retried it in the meantime.
  const alive = found.flatMap(([id, isFinished]) => (isFinished ? [] : [id]))
  for (const [id, answer] of await cancelEach(books, alive, audit)) answers.set(id, answer)
  return answers
}

const RETRY: Statement = {
  text: `
WITH done AS MATERIALIZED (SELECT {books}.retry_job($1, $2, $3, $4, $5) AS answer),${auditPart({
    entries: '$6',
    at: '$5',
    where: "JOIN done ON done.answer = 'retried'"
  })}
SELECT answer FROM done`
}

export async function retry(
  books: Books,
  id: string,
  { guard, audit }: { readonly guard: ScheduleGuard | undefined; readonly audit?: NewAuditEntry | undefined }
): Promise<RetryAnswer> {
  if (!isJobId(id)) return 'unknown'
  const values = [id, guard?.decidedUntil, guard?.revision, guard?.jobsCreated, books.now(), auditCells([audit])]
  const [row] = await books.database.query<[RetryAnswer]>(RETRY, values)
  return row![0]
}

/** Other texts are no ids of jobs in these books. */
const changingQueue = (change: string): Statement => ({
  text: `
WITH changed AS (${change} RETURNING queue),${auditPart({
    entries: '$3',
    at: '$2',
    where: 'WHERE EXISTS (SELECT FROM changed)'
  })}
SELECT queue FROM changed`
})
const PAUSE = changingQueue(
  'INSERT INTO {books}.paused_queue (queue, paused_at) VALUES ($1, coalesce($2::bigint, {books}.now_ms())) ON CONFLICT DO NOTHING'
)
const RESUME = changingQueue('DELETE FROM {books}.paused_queue WHERE queue = $1')

export async function pauseQueue(
  books: Books,
  queue: string,
  { paused, audit }: { readonly paused: boolean; readonly audit?: NewAuditEntry | undefined }
): Promise<void> {
  await books.database.query(paused ? PAUSE : RESUME, [queue, books.now(), auditCells([audit])])
}
