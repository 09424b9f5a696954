import type { ChangeAnswer, DeleteAnswer, JobChange } from '../../../store/jobs.ts'
import { DELAYED, originCode, stateCodes } from '../../sql/codes.ts'
import type { Books } from '../books.ts'
import { dropFinished } from './finish.ts'
import { makeAvailable, makeUnavailable } from './places.ts'

const JOB = `
SELECT state, run_at, fence, EXISTS (SELECT 1 FROM escapement_running WHERE id = job.id) FROM escapement_job AS job WHERE id = ?`
const IS_FINISHED = 'SELECT 1 FROM escapement_finished WHERE id = ?'
const HAS_JOB = 'SELECT 1 FROM escapement_job WHERE id = ?'
const CHANGE =
  'UPDATE escapement_job SET priority = coalesce(?, priority), payload = coalesce(?, payload), state = ?, run_at = ? WHERE id = ?'
// It was asked for, so a clock that ran ahead does not count any more.
const ASKED_FOR = `
UPDATE escapement_job SET snoozed_at = NULL, origin = iif(origin = ${DELAYED}, ${originCode({ origin: 'enqueue' })}, origin) WHERE id = ?`

export function changeJob(books: Books, id: string, { runAt, priority, payload }: JobChange): ChangeAnswer {
  const { connection } = books
  const job = connection.prepare<[number, number, number | null, number]>(JOB).get(id)
  if (job === undefined) return connection.prepare(IS_FINISHED).get(id) === undefined ? 'unknown' : 'not-waiting'
  const [state, dueAt, fence, isRunning] = job
  if (isRunning === 1) return 'not-waiting'
  if (payload !== undefined && fence !== null) return 'begun'
  const at = books.now()
  if (state === stateCodes.available) makeUnavailable(books, id)
  const later = state === stateCodes.retryable ? state : stateCodes.scheduled
  const next = runAt === undefined ? state : runAt > at ? later : stateCodes.available
  connection
    .prepare(CHANGE)
    .run(priority ?? null, payload ?? null, next, runAt === undefined ? dueAt : Math.max(runAt, at), id)
  if (runAt !== undefined) connection.prepare(ASKED_FOR).run(id)
  if (next === stateCodes.available) makeAvailable(books, id)
  return 'changed'
}

export function deleteJobs(books: Books, ids: readonly string[]): DeleteAnswer[] {
  const { connection } = books
  return ids.map(id => {
    if (connection.prepare(IS_FINISHED).get(id) === undefined)
      return connection.prepare(HAS_JOB).get(id) === undefined ? 'unknown' : 'not-finished'
    dropFinished(books, [id])
    return 'deleted'
  })
}
