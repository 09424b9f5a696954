import { rescueFailure, stateAfterRescue } from '../../../core/job/settle.ts'
import type { RescuedJob } from '../../../store/jobs.ts'
import type { Books, Statement } from '../sql.ts'
import { endAttempts, RUNNING_COLUMNS, runningOf } from './end.ts'
import type { Ending, RunningRow } from './end.ts'

/**
 * Defined over jobs (rule 8): every job that runs under a place of no living node, whether its node is lost, has left,
 * or was never known. Below zero, only the gaps between the places of living nodes are searched. So neither their jobs
 * are read, nor the names of all nodes that ever held a job. Jobs that somebody is writing are skipped: the transaction
 * of a frozen process that completes a job would block the others until the server ends it.
 */
const STRANDED: Statement = {
  text: `
WITH alive AS (SELECT -runner.id AS place FROM {books}.node JOIN {books}.runner ON runner.node = node.id WHERE node.phase = 'alive'),
gap AS (SELECT place AS after, lead(place, 1, 0) OVER (ORDER BY place) AS before FROM (SELECT place FROM alive UNION ALL SELECT -2147483648) AS each)
SELECT (SELECT node FROM {books}.runner WHERE id = -job.place), lane.task, job.schedule_id, coalesce($2::bigint, {books}.now_ms()), ${RUNNING_COLUMNS}
FROM gap CROSS JOIN LATERAL (
  SELECT * FROM {books}.job WHERE place > gap.after AND place < gap.before AND place < 0 ORDER BY place, run_at, id LIMIT $1 FOR UPDATE SKIP LOCKED) AS job
JOIN {books}.lane ON lane.id = job.lane LIMIT $1`
}

const UNPACK: Statement = { text: 'SELECT {books}.unpack_stranded($1)' }

type StrandedRow = readonly [node: string, task: string, scheduleId: string | null, now: number, ...RunningRow]

/**
 * When several rescue at once, the first to write frees a job, since its write finds the attempt running. The others
 * come too late.
 */
export async function rescue(books: Books, limit: number): Promise<RescuedJob[]> {
  await books.database.query(UNPACK, [limit])
  const rows = await books.database.query<StrandedRow>(STRANDED, [limit, books.now()])
  const stranded = rows.map(([node, task, scheduleId, now, ...row]) => {
    const ending = endingOf(row, now)
    return {
      ending,
      rescued: { id: ending.job.id, task, scheduleId: scheduleId ?? undefined, node, state: ending.state }
    }
  })
  const ended = new Set(
    await endAttempts(
      books,
      stranded.map(({ ending }) => ending)
    )
  )
  return stranded.filter(({ ending }) => ended.has(ending)).map(({ rescued }) => rescued)
}

/** The fence stays, so that reports of the dead attempt and of earlier ones are stale. */
function endingOf(row: RunningRow, now: number): Ending {
  const job = runningOf(row)
  const state = stateAfterRescue(job) as Ending['state']
  const failure = state === 'discarded' ? rescueFailure(job, now) : undefined
  const { failures, rescues } = job
  const runAt = state === 'available' ? now : job.runAt
  return { job, state, runAt, failures, rescues: rescues + 1, failure, reported: undefined }
}
