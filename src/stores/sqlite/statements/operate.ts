import type { CancelAnswer, RetryAnswer } from '../../../store/jobs.ts'
import type { ScheduleGuard } from '../../../store/schedules.ts'
import type { Books } from '../books.ts'
import { jobUnderKey } from './enqueue.ts'
import { DELETE_MORE, finish } from './finish.ts'
import { noteOtherEnd } from './health.ts'
import { makeAvailable, makeUnavailable } from './places.ts'

const ASK = 'UPDATE escapement_running SET cancel_requested_at = coalesce(cancel_requested_at, ?) WHERE id = ?'
const SCHEDULE = 'SELECT schedule_id FROM escapement_job WHERE id = ?'
const HAS_JOB = 'SELECT 1 FROM escapement_job WHERE id = ?'
const IS_FINISHED = 'SELECT 1 FROM escapement_finished WHERE id = ?'

export const cancel = (books: Books, ids: readonly string[]): CancelAnswer[] => ids.map(id => cancelOne(books, id))

function cancelOne(books: Books, id: string): CancelAnswer {
  const { connection } = books
  const at = books.now()
  if (Number(connection.prepare(ASK).run(at, id).changes) > 0) return 'requested'
  const job = connection.prepare<[string | null]>(SCHEDULE).get(id)
  if (job !== undefined) {
    makeUnavailable(books, id)
    finish(books, id, { state: 'cancelled', cancelRequestedAt: at, finishedAt: at })
    noteOtherEnd(books, job[0], 'cancelled', at)
    return 'cancelled'
  }
  return connection.prepare(IS_FINISHED).get(id) === undefined ? 'unknown' : 'finished'
}

const FINISHED_JOB = 'SELECT task, unique_key, schedule_id FROM escapement_finished WHERE id = ?'
const ANEW = `
INSERT INTO escapement_job (id, state, task, queue, priority, run_at, payload, unique_key, schedule_id, fire_at, origin, max_attempts, delivery, keep_ms, created_at, steps, fence, outcome)
SELECT id, 1, task, queue, priority, ?, payload, unique_key, schedule_id, fire_at, origin, max_attempts, delivery, keep_ms, created_at, steps, fence, outcome
FROM escapement_finished WHERE id = ?`
// Of a job just inserted, whose key was held for no particular time.
const HOLD_AGAIN =
  'UPDATE escapement_job SET unique_until = (SELECT unique_until FROM escapement_finished_more AS more WHERE more.id = escapement_job.id) WHERE id = ?'
const DELETE_FINISHED = 'DELETE FROM escapement_finished WHERE id = ?'

export function retry(books: Books, id: string, guard: ScheduleGuard | undefined): RetryAnswer {
  const { connection } = books
  const job = connection.prepare<[number, string | null, string | null]>(FINISHED_JOB).get(id)
  if (job === undefined) return connection.prepare(HAS_JOB).get(id) === undefined ? 'unknown' : 'not-finished'
  const [task, uniqueKey, scheduleId] = job
  if (uniqueKey !== null && jobUnderKey(books, task, { id, uniqueKey }) !== undefined) return 'conflict'
  if (scheduleId !== null && !raiseJobsCreated(books, scheduleId, guard)) return 'conflict'
  connection.prepare(ANEW).run(books.now(), id)
  connection.prepare(HOLD_AGAIN).run(id)
  connection.prepare(DELETE_FINISHED).run(id)
  connection.prepare(DELETE_MORE).run(id)
  makeAvailable(books, id)
  return 'retried'
}

const HAS_SCHEDULE = 'SELECT 1 FROM escapement_schedule WHERE id = ?'
const RAISE_JOBS_CREATED = `
UPDATE escapement_schedule SET jobs_created = jobs_created + 1 WHERE id = ? AND decided_until = ? AND revision = ? AND jobs_created = ?`

/** A job whose schedule does not exist may be retried without a guard. */
function raiseJobsCreated({ connection }: Books, scheduleId: string, guard: ScheduleGuard | undefined): boolean {
  if (guard === undefined) return connection.prepare(HAS_SCHEDULE).get(scheduleId) === undefined
  const { decidedUntil, revision, jobsCreated } = guard
  return Number(connection.prepare(RAISE_JOBS_CREATED).run(scheduleId, decidedUntil, revision, jobsCreated).changes) > 0
}

const PAUSE = 'INSERT INTO escapement_paused_queue (queue, paused_at) VALUES (?, ?) ON CONFLICT DO NOTHING'
const RESUME = 'DELETE FROM escapement_paused_queue WHERE queue = ?'

/** False: it was so already. */
export function pauseQueue({ connection, now }: Books, queue: string, paused: boolean): boolean {
  const { changes } = paused ? connection.prepare(PAUSE).run(queue, now()) : connection.prepare(RESUME).run(queue)
  return Number(changes) > 0
}
