import type { Job } from '../../../core/job/job.ts'
import { jobCursor } from '../../../store/pages/cursors.ts'
import type { SearchedPage, SearchRequest } from '../../../store/pages/search.ts'
import type { JobFilter } from '../../../store/reading.ts'
import { checkJobFilter } from '../../../store/reading-doors.ts'
import { searchPage } from '../../sql/finding/search.ts'
import type { Books } from '../sql.ts'
import { jobSlice } from '../statements/list-jobs.ts'

/** How many rows of either table one slice looks at: this takes tens of milliseconds, the shorter one a few. */
const SLICE_ROWS = 20_000
const SHORT_SLICE_ROWS = 5_000

/** One page of jobs, searched in slices: among many millions it may take seconds, but no single statement does. */
export async function listJobs(books: Books, filter: JobFilter, page: SearchRequest): Promise<SearchedPage<Job>> {
  checkJobFilter(filter)
  jobCursor(page.cursor)
  const rows = page.mayContinue === undefined ? SLICE_ROWS : SHORT_SLICE_ROWS
  return searchPage(page, {
    look: (before, limit) => jobSlice(books, filter, { before, limit, rows }),
    cursorOf: job => job.id
  })
}
