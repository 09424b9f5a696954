import { rescueFailure, stateAfterRescue } from '../../../core/job/settle.ts'
import type { RescuedJob } from '../../../store/jobs.ts'
import { orUndefined } from '../books.ts'
import type { Books } from '../books.ts'
import { finish } from './finish.ts'
import { noteOtherEnd } from './health.ts'
import { makeAvailable } from './places.ts'
import { END_ATTEMPT, endOf, runningJob, withFailure } from './settle.ts'
import type { AttemptRow } from './settle.ts'

// Defined over jobs: every job that runs under a node that is not alive, whether lost, left, or never known (rule 8).
const STRANDED = `
SELECT id, fence FROM escapement_running WHERE node NOT IN (SELECT id FROM escapement_node WHERE phase = 'alive') LIMIT ?`

type Stranded = readonly [id: string, fence: number]

export const hasStranded = ({ connection }: Books): boolean =>
  connection.prepare<Stranded>(STRANDED).get(1) !== undefined

export const rescue = (books: Books, limit: number): RescuedJob[] =>
  books.connection
    .prepare<Stranded>(STRANDED)
    .all(limit)
    .map(stranded => rescueOne(books, stranded))

type JobRow = readonly [
  delivery: number,
  rescues: number,
  errors: string | null,
  task: number,
  scheduleId: string | null
]
const JOB = 'SELECT delivery, rescues, errors, task, schedule_id FROM escapement_job WHERE id = ?'
// The fence stays, so that reports of the dead attempt and of earlier ones are stale.
const FREE =
  'UPDATE escapement_job SET state = 1, run_at = ?, rescues = rescues + 1, fence = ?, outcome = NULL WHERE id = ?'

function rescueOne(books: Books, [id, fence]: Stranded): RescuedJob {
  const { connection, names } = books
  const now = books.now()
  const attempt = connection.prepare<AttemptRow>(END_ATTEMPT).get(id, fence)!
  const job = connection.prepare<JobRow>(JOB).get(id)!
  const before = runningJob(job, attempt)
  const state = stateAfterRescue(before)
  if (state === 'cancelled' || state === 'discarded') {
    const errors = withFailure(job[2], state === 'discarded' ? rescueFailure(before, now) : undefined)
    noteOtherEnd(books, job[4], state, now)
    finish(books, id, { ...endOf(attempt, now), state, fence, errors, rescues: before.rescues + 1 })
  } else {
    connection.prepare(FREE).run(now, fence, id)
    makeAvailable(books, id)
  }
  return { id, task: names.textOf(job[3]), scheduleId: orUndefined(job[4]), node: attempt[0], state }
}
