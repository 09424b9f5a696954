import type { NewJob } from '../../../core/job/job.ts'
import type { EnqueueAnswer } from '../../../store/jobs.ts'
import { orNull } from '../books.ts'
import type { Books } from '../books.ts'
import { deliveryCodes, originCode, stateCodes } from '../../sql/codes.ts'
import { makeAvailable, makeUnavailable, readyInserter } from './places.ts'

const INSERT_JOB = `
INSERT INTO escapement_job (id, state, task, queue, priority, run_at, payload, unique_key, schedule_id, fire_at, origin, max_attempts, delivery, keep_ms, created_at)
SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
WHERE NOT EXISTS (SELECT 1 FROM escapement_finished WHERE id = ?)
ON CONFLICT DO NOTHING`
const HAS_JOB = 'SELECT 1 FROM escapement_job WHERE id = ? UNION ALL SELECT 1 FROM escapement_finished WHERE id = ?'
const HOLD = 'UPDATE escapement_job SET unique_until = ? WHERE id = ?'
// An earlier release may have dropped the job alone.
const FINISHED_HOLDER = `
SELECT id FROM escapement_finished_more WHERE task = ? AND unique_key = ? AND unique_until > ? AND id <> ?
  AND EXISTS (SELECT 1 FROM escapement_finished WHERE id = escapement_finished_more.id)`
const KEY_HOLDER = 'SELECT id FROM escapement_job WHERE task = ? AND unique_key = ?'

export const enqueue = (books: Books, jobs: readonly NewJob[]): EnqueueAnswer[] => {
  const insert = jobInserter(books)
  return jobs.map(job => (insert(job) ? { outcome: 'enqueued', id: job.id } : whyNot(books, job)))
}

/** Returns a function that writes a new job. It returns false when the job's id or unique key is taken. */
export function jobInserter(books: Books): (job: NewJob) => boolean {
  const { connection, names, now } = books
  const insertJob = connection.prepare(INSERT_JOB)
  const insertReady = readyInserter(connection)
  const at = now()
  return job => {
    const task = names.numberOf(job.task)
    if (job.uniqueKey !== undefined && finishedUnderKey(books, task, job) !== undefined) return false
    const queue = names.numberOf(job.queue)
    const isDue = job.runAt <= at
    const runAt = isDue ? at : job.runAt
    const { changes } = insertJob.run(
      job.id,
      isDue ? stateCodes.available : stateCodes.scheduled,
      task,
      queue,
      job.priority,
      runAt,
      job.payload,
      orNull(job.uniqueKey),
      orNull(job.scheduleId),
      orNull(job.fireAt),
      originCode(job),
      job.maxAttempts,
      deliveryCodes[job.delivery],
      job.keepMs,
      at,
      job.id
    )
    if (changes === 0) return false
    if (job.uniqueUntil !== undefined) connection.prepare(HOLD).run(job.uniqueUntil, job.id)
    if (isDue) insertReady({ task, queue, priority: job.priority, runAt, id: job.id })
    return true
  }
}

function whyNot(books: Books, job: NewJob): EnqueueAnswer {
  if (books.connection.prepare(HAS_JOB).get(job.id, job.id) !== undefined) return { outcome: 'exists', id: job.id }
  const id = jobUnderKey(books, books.names.numberOf(job.task), job)!
  return { outcome: job.replaces === true && replace(books, id, job) ? 'replaced' : 'duplicate', id }
}

const CAN_BE_REPLACED = `
SELECT state FROM escapement_job WHERE id = ? AND fence IS NULL AND NOT EXISTS (SELECT 1 FROM escapement_running WHERE id = escapement_job.id)`
const REPLACE = `
UPDATE escapement_job SET state = ?, queue = ?, priority = ?, run_at = ?, payload = ?, origin = ?, max_attempts = ?, delivery = ?, keep_ms = ?, unique_until = ?
WHERE id = ?`

/** Writes the values of the job into that of this id, unless that one has ever been claimed. */
function replace(books: Books, id: string, job: NewJob): boolean {
  const { connection, names } = books
  const [state] = connection.prepare<[number]>(CAN_BE_REPLACED).get(id) ?? []
  if (state === undefined) return false
  const at = books.now()
  const isDue = job.runAt <= at
  if (state === stateCodes.available) makeUnavailable(books, id)
  connection
    .prepare(REPLACE)
    .run(
      isDue ? stateCodes.available : stateCodes.scheduled,
      names.numberOf(job.queue),
      job.priority,
      Math.max(job.runAt, at),
      job.payload,
      originCode(job),
      job.maxAttempts,
      deliveryCodes[job.delivery],
      job.keepMs,
      orNull(job.uniqueUntil),
      id
    )
  if (isDue) makeAvailable(books, id)
  return true
}

interface Keyed {
  readonly id: string
  readonly uniqueKey: string | null | undefined
}

/** The id of the other job of the task that holds the unique key of this one. */
export function jobUnderKey(books: Books, task: number, job: Keyed): string | undefined {
  const unfinished = books.connection.prepare<[string]>(KEY_HOLDER).get(task, job.uniqueKey ?? null)?.[0]
  return unfinished ?? finishedUnderKey(books, task, job)
}

function finishedUnderKey({ connection, now }: Books, task: number, { id, uniqueKey }: Keyed): string | undefined {
  return connection.prepare<[string]>(FINISHED_HOLDER).get(task, uniqueKey ?? null, now(), id)?.[0]
}
