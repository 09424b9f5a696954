import type { Job } from '../../../core/job.ts'
import { isFinished } from '../../../core/job.ts'
import type { JobFilter, Page, PageRequest } from '../../../store/reading.ts'
import type { Books } from '../books.ts'
import { stateCodes } from '../codes.ts'
import type { Cell } from '../driver.ts'
import { FINISHED, jobOf, RUNNING, UNFINISHED } from '../job-rows.ts'
import type { JobRecord } from '../job-rows.ts'
import { pageOf } from './reading.ts'

// Every text has a constant shape: a filter that isn't set is a NULL that lets all pass.
const FILTER = `job.id < ?1 AND (?2 IS NULL OR task = ?2) AND (?3 IS NULL OR queue = ?3) AND (?4 IS NULL OR schedule_id = ?4)`
const ORDER = 'ORDER BY job.id DESC LIMIT ?5'
const UNFINISHED_PAGE = `${UNFINISHED} WHERE ${FILTER} ${ORDER}`
const UNFINISHED_IN_STATE = `${UNFINISHED} WHERE ${FILTER} AND running.id IS NULL AND state = ?6 ${ORDER}`
const RUNNING_PAGE = `${RUNNING} WHERE ${FILTER} ${ORDER}`
const FINISHED_PAGE = `${FINISHED} WHERE ${FILTER} ${ORDER}`
const COMPLETED_PAGE = `${FINISHED} WHERE ${FILTER} AND state = ?6 ${ORDER}`
const UNSUCCESSFUL_PAGE = `${FINISHED} WHERE ${FILTER} AND state = ?6 AND drop_at IS NULL ${ORDER}`
const OF_SCHEDULE = 'schedule_id = ?4'
/** Above every UUID. */
const END = '\u{10FFFF}'

/** Newest first: the pages of the unfinished and of the finished jobs, merged. */
export function listJobs(books: Books, filter: JobFilter, { limit, cursor = END }: PageRequest): Page<Job> {
  const { connection, names } = books
  const named = [filter.task, filter.queue].map(name => (name === undefined ? null : (names.find(name) ?? -1)))
  const values = [cursor, ...named, filter.scheduleId ?? null, limit + 1]
  const jobs = pagesFor(filter).flatMap(({ sql, extra }) =>
    connection.prepareRecords<JobRecord>(narrowed(sql, filter)).all(...values, ...extra)
  )
  const ordered = jobs.sort((a, b) => (a.id < b.id ? 1 : -1)).map(row => jobOf(names, row))
  return pageOf(ordered, limit, job => job.id)
}

/** With a schedule given, its jobs are found through their index instead of being looked for among all. */
const narrowed = (sql: string, { scheduleId }: JobFilter): string =>
  scheduleId === undefined ? sql : sql.replace('(?4 IS NULL OR schedule_id = ?4)', OF_SCHEDULE)

function pagesFor({ state }: JobFilter): readonly { readonly sql: string; readonly extra: readonly Cell[] }[] {
  if (state === undefined)
    return [
      { sql: UNFINISHED_PAGE, extra: [] },
      { sql: FINISHED_PAGE, extra: [] }
    ]
  if (state === 'running') return [{ sql: RUNNING_PAGE, extra: [] }]
  const extra = [stateCodes[state]]
  if (state === 'completed') return [{ sql: COMPLETED_PAGE, extra }]
  return [{ sql: isFinished(state) ? UNSUCCESSFUL_PAGE : UNFINISHED_IN_STATE, extra }]
}
