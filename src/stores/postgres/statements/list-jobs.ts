import type { Job } from '../../../core/job/job.ts'
import type { JobFilter } from '../../../store/reading.ts'
import { stateCodes } from '../../sql/codes.ts'
import type { Slice } from '../../sql/finding/search.ts'
import { FINISHED, jobOf, UNFINISHED, UNFINISHED_STATE } from '../jobs/job-rows.ts'
import type { JobRow } from '../jobs/job-rows.ts'
import type { Books, Statement } from '../sql.ts'

const OF_LANE = '($3::text IS NULL OR lane.task = $3) AND ($4::text IS NULL OR lane.queue = $4)'
const BEFORE = '($1::uuid IS NULL OR job.id < $1)'
const ANY_STATE = '$5::smallint IS NULL'
const OF_SCHEDULE = '($6::text IS NULL OR job.schedule_id = $6)'

/** Conditions that an index covers in the order of ids. A slice looks at a limited number of these rows. */
const unfinishedRows = `${BEFORE} AND ${OF_SCHEDULE} AND (${ANY_STATE} OR $5 < 4)
  AND (${ANY_STATE} OR $5 <> 2 OR job.is_packed OR job.id = ANY (ARRAY(SELECT id FROM {books}.job WHERE place < 0)))`
const finishedRows = `${BEFORE} AND ${OF_SCHEDULE} AND (${ANY_STATE} OR $5 >= 4)
  AND (${ANY_STATE} OR $5 < 5 OR (job.drop_at IS NULL AND job.state = $5))`

const endOfSlice = (table: string, rows: string): string =>
  `(SELECT id FROM {books}.${table} AS job WHERE ${rows} ORDER BY id DESC LIMIT 1 OFFSET $9)`
const UNTIL_END = 'job.id >= slice.ends_at'
const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000'

/**
 * All lists of jobs: `$1` the id below which to look, `$2` how many, `$3` to `$6` the filter, `$7` the time, `$8`
 * whether to look at one slice only, `$9` after how many rows that ends. It has no name, so it is planned with its values each time, and the planner drops
 * conditions that the values make constant.
 */
const SLICE: Statement = {
  text: `
WITH slice AS MATERIALIZED (SELECT coalesce(CASE WHEN $8 THEN greatest(
    ${endOfSlice('unfinished', unfinishedRows)},
    ${endOfSlice('finished', finishedRows)}) END, '${BEFORE_ALL_IDS}') AS ends_at)
SELECT slice.ends_at, page.* FROM slice
CROSS JOIN (SELECT coalesce($7::bigint, {books}.now_ms()) AS now) AS clock
LEFT JOIN LATERAL (
  (SELECT ${UNFINISHED.columns} FROM ${UNFINISHED.from}
    WHERE ${unfinishedRows} AND ${UNTIL_END} AND ${OF_LANE} AND (${ANY_STATE} OR $5 = ${UNFINISHED_STATE}) ORDER BY job.id DESC LIMIT $2)
  UNION ALL
  (SELECT ${FINISHED.columns} FROM ${FINISHED.from}
    WHERE ${finishedRows} AND ${UNTIL_END} AND ${OF_LANE} AND (${ANY_STATE} OR $5 = job.state) ORDER BY job.id DESC LIMIT $2)
  ORDER BY 1 DESC LIMIT $2) AS page ON true
ORDER BY page.id DESC`
}

export interface SliceRequest {
  /** Only jobs with lower ids. */
  readonly before: string | undefined
  readonly limit: number
  /** How many rows of either table to look at. */
  readonly rows: number
}

type Row = readonly [endsAt: string, ...job: JobRow | [null]]

/** The next jobs of a list that are found in one slice: all jobs, finished or not, in one snapshot. */
export async function jobSlice(
  { database, now }: Books,
  filter: JobFilter,
  { before, limit, rows: lookedAt }: SliceRequest
): Promise<Slice<Job>> {
  const { state, task = null, queue = null, scheduleId = null } = filter
  const code = state === undefined ? null : stateCodes[state]
  const values = [before ?? null, limit, task, queue, code, scheduleId, now(), isSelective(filter), lookedAt - 1]
  const rows = await database.query<Row>(SLICE, values)
  const jobs = rows.flatMap(([, ...job]) => (job[0] === null ? [] : [jobOf(job)]))
  const endsAt = rows[0]![0]
  return { found: jobs, next: endsAt === BEFORE_ALL_IDS ? undefined : endsAt }
}

/** Whether the filter may exclude so many rows of the index that filling a page would take long. */
function isSelective({ state, task, queue, scheduleId }: JobFilter): boolean {
  const isIndexed = state === undefined || state === 'running' || state === 'cancelled' || state === 'discarded'
  const isOfLane = task !== undefined || queue !== undefined
  return isOfLane || !isIndexed || (scheduleId !== undefined && state !== undefined)
}
