import type { Job } from '../../../core/job/job.ts'
import { isFinished } from '../../../core/job/job.ts'
import type { JobFilter } from '../../../store/reading.ts'
import type { Books } from '../books.ts'
import { stateCodes } from '../../sql/codes.ts'
import type { Slice } from '../../sql/finding/search.ts'
import { FINISHED, jobOf, RUNNING, UNFINISHED } from '../jobs/job-rows.ts'
import type { JobRecord } from '../jobs/job-rows.ts'

/** How many rows of either table one slice looks at: a millisecond or two. */
const SLICE_ROWS = 5_000
/** Greater than every id. */
export const AFTER_ALL_IDS = '\u{10FFFF}'
const BEFORE_ALL_IDS = ''

const FILTER = 'job.id < ? AND job.id >= ? AND (? IS NULL OR task = ?) AND (? IS NULL OR queue = ?)'
const ORDER = 'ORDER BY job.id DESC LIMIT ?'
const pageTexts = (
  condition: string
): Record<'unfinished' | 'waiting' | 'running' | 'finished' | 'completed' | 'failed', string> => ({
  unfinished: `${UNFINISHED} WHERE ${FILTER} AND ${condition} AND ? IS NULL ${ORDER}`,
  waiting: `${UNFINISHED} WHERE ${FILTER} AND ${condition} AND running.id IS NULL AND state = ? ${ORDER}`,
  running: `${RUNNING} WHERE ${FILTER} AND ${condition} AND ? = 2 ${ORDER}`,
  finished: `${FINISHED} WHERE ${FILTER} AND ${condition} AND ? IS NULL ${ORDER}`,
  completed: `${FINISHED} WHERE ${FILTER} AND ${condition} AND state = ? ${ORDER}`,
  failed: `${FINISHED} WHERE ${FILTER} AND ${condition} AND state = ? AND drop_at IS NULL ${ORDER}`
})
const ofAnySchedule = pageTexts('? IS NULL')
// Without the `? IS NULL`, an index can be used for this condition.
const ofOneSchedule = pageTexts('schedule_id = ?')

type PageName = keyof typeof ofAnySchedule

export interface SliceRequest {
  /** Only jobs with lower ids. */
  readonly before: string
  readonly limit: number
}

/** The next jobs of a list that are found in one slice: all jobs, finished or not, in one snapshot. */
export function jobSlice(books: Books, filter: JobFilter, { before, limit }: SliceRequest): Slice<Job> {
  const { connection, names } = books
  const pages = pagesFor(filter)
  const from = isSelective(filter) ? sliceEnd(books, filter, before) : BEFORE_ALL_IDS
  const numberOf = (name: string | undefined): number | null => (name === undefined ? null : (names.find(name) ?? -1))
  const task = numberOf(filter.task)
  const queue = numberOf(filter.queue)
  const state = filter.state === undefined ? null : stateCodes[filter.state]
  const texts = filter.scheduleId === undefined ? ofAnySchedule : ofOneSchedule
  const rows = pages.flatMap(page =>
    connection
      .prepareRecords<JobRecord>(texts[page])
      .all(before, from, task, task, queue, queue, filter.scheduleId ?? null, state, limit)
  )
  const jobs = rows.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit)
  return { found: jobs.map(row => jobOf(names, row)), next: from === BEFORE_ALL_IDS ? undefined : from }
}

function pagesFor({ state }: JobFilter): readonly PageName[] {
  if (state === undefined) return ['unfinished', 'finished']
  if (state === 'running' || state === 'completed') return [state]
  return [isFinished(state) ? 'failed' : 'waiting']
}

/** Whether the filter may exclude so many rows of the index that filling a page would take long. */
function isSelective({ state, task, queue, scheduleId }: JobFilter): boolean {
  if (state === 'running' && scheduleId === undefined) return false
  const isIndexed =
    state === undefined || (scheduleId === undefined && (state === 'cancelled' || state === 'discarded'))
  return !isIndexed || task !== undefined || queue !== undefined
}

const sliceEndIn = (table: string, condition: string): string =>
  `SELECT id FROM ${table} WHERE id < ? AND ${condition} ORDER BY id DESC LIMIT 1 OFFSET ${SLICE_ROWS - 1}`
const ANY = '? IS NULL'
const OF_SCHEDULE = 'schedule_id = ?'
const FAILED = 'state = ? AND drop_at IS NULL'

/** The id down to which none of the pages' tables has more rows, of those that an index finds, than one slice reads. */
function sliceEnd({ connection }: Books, filter: JobFilter, before: string): string {
  const { scheduleId, state } = filter
  const [condition, value] = scheduleId === undefined ? [ANY, null] : [OF_SCHEDULE, scheduleId]
  const ends = pagesFor(filter).map(page => {
    const isUnfinished = page === 'unfinished' || page === 'waiting' || page === 'running'
    const isByState = page === 'failed' && scheduleId === undefined
    const table = isUnfinished ? 'escapement_job' : 'escapement_finished'
    const sql = sliceEndIn(table, isByState ? FAILED : condition)
    return connection.prepare<[string]>(sql).get(before, isByState ? stateCodes[state!] : value)?.[0] ?? BEFORE_ALL_IDS
  })
  return ends.reduce((later, end) => (end > later ? end : later))
}
