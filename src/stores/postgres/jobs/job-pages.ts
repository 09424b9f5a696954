import type { Job } from '../../../core/job/job.ts'
import { jobCursor } from '../../../store/pages/cursors.ts'
import type { JobFilter, Page, PageRequest } from '../../../store/reading.ts'
import { checkJobFilter } from '../../../store/reading-doors.ts'
import { pageOf } from '../../sql/page.ts'
import type { Books } from '../sql.ts'
import { jobSlice } from '../statements/list-jobs.ts'

/** One page of jobs, searched in slices: among many millions it may take seconds, but no single statement does. */
export async function listJobs(books: Books, filter: JobFilter, { limit, cursor }: PageRequest): Promise<Page<Job>> {
  checkJobFilter(filter)
  const jobs: Job[] = []
  let before = jobCursor(cursor)
  for (;;) {
    const slice = await jobSlice(books, filter, { before, limit: limit + 1 - jobs.length })
    jobs.push(...slice.jobs)
    if (slice.next === undefined || jobs.length > limit) return pageOf(jobs, limit, job => job.id)
    before = slice.next
  }
}
