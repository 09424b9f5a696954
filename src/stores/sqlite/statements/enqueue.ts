import type { NewJob } from '../../../core/job/job.ts'
import type { EnqueueAnswer } from '../../../store/jobs.ts'
import { orNull } from '../books.ts'
import type { Books } from '../books.ts'
import { deliveryCodes, originCode, stateCodes } from '../../sql/codes.ts'
import { readyInserter } from './places.ts'

const INSERT_JOB = `
INSERT INTO escapement_job (id, state, task, queue, priority, run_at, payload, unique_key, schedule_id, fire_at, origin, max_attempts, delivery, keep_ms, created_at)
SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
WHERE NOT EXISTS (SELECT 1 FROM escapement_finished WHERE id = ?)
ON CONFLICT DO NOTHING`
const HAS_JOB = 'SELECT 1 FROM escapement_job WHERE id = ? UNION ALL SELECT 1 FROM escapement_finished WHERE id = ?'
const KEY_HOLDER = 'SELECT id FROM escapement_job WHERE task = ? AND unique_key = ?'

export const enqueue = (books: Books, jobs: readonly NewJob[]): EnqueueAnswer[] => {
  const insert = jobInserter(books)
  return jobs.map(job => (insert(job) ? { outcome: 'enqueued', id: job.id } : whyNot(books, job)))
}

/** Returns a function that writes a new job. It returns false when the job's id or unique key is taken. */
export function jobInserter({ connection, names, now }: Books): (job: NewJob) => boolean {
  const insertJob = connection.prepare(INSERT_JOB)
  const insertReady = readyInserter(connection)
  const at = now()
  return job => {
    const task = names.numberOf(job.task)
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
    if (isDue) insertReady({ task, queue, priority: job.priority, runAt, id: job.id })
    return true
  }
}

function whyNot(books: Books, job: NewJob): EnqueueAnswer {
  if (books.connection.prepare(HAS_JOB).get(job.id, job.id) !== undefined) return { outcome: 'exists', id: job.id }
  const other = jobUnderKey(books, books.names.numberOf(job.task), job.uniqueKey ?? null)
  return { outcome: 'duplicate', id: other! }
}

/** The id of the unfinished job of the task that has this unique key. */
export function jobUnderKey({ connection }: Books, task: number, uniqueKey: string | null): string | undefined {
  return connection.prepare<[string]>(KEY_HOLDER).get(task, uniqueKey)?.[0]
}
