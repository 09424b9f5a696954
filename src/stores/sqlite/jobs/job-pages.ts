import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Job } from '../../../core/job/job.ts'
import { jobCursor } from '../../../store/pages/cursors.ts'
import type { SearchedPage, SearchRequest } from '../../../store/pages/search.ts'
import type { JobFilter } from '../../../store/reading.ts'
import { checkJobFilter } from '../../../store/reading-doors.ts'
import { searchPage } from '../../sql/finding/search.ts'
import type { Access } from '../connection/access.ts'
import { AFTER_ALL_IDS, jobSlice } from '../statements/list-jobs.ts'

/**
 * One page of jobs, searched in slices: among a million others it may take a second, but it never blocks the event
 * loop.
 */
export async function listJobs(access: Access, filter: JobFilter, page: SearchRequest): Promise<SearchedPage<Job>> {
  checkJobFilter(filter)
  jobCursor(page.cursor)
  return searchPage(page, {
    look: (before = AFTER_ALL_IDS, limit) => access.readSnapshot(books => jobSlice(books, filter, { before, limit })),
    cursorOf: job => job.id,
    pause: nextTurn
  })
}
