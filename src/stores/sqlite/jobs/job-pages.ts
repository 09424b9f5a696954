import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Job } from '../../../core/job/job.ts'
import { jobCursor } from '../../../store/pages/cursors.ts'
import type { JobFilter, Page, PageRequest } from '../../../store/reading.ts'
import { checkJobFilter } from '../../../store/reading-doors.ts'
import type { Access } from '../connection/access.ts'
import { AFTER_ALL_IDS, jobSlice } from '../statements/list-jobs.ts'
import { pageOf } from '../../sql/page.ts'

/**
 * One page of jobs, searched in slices: among a million others it may take a second, but it never blocks the event
 * loop.
 */
export async function listJobs(access: Access, filter: JobFilter, { limit, cursor }: PageRequest): Promise<Page<Job>> {
  checkJobFilter(filter)
  const jobs: Job[] = []
  let before = jobCursor(cursor) ?? AFTER_ALL_IDS
  for (;;) {
    const from = { before, limit: limit + 1 - jobs.length }
    const slice = await access.readSnapshot(books => jobSlice(books, filter, from))
    jobs.push(...slice.jobs)
    if (slice.next === undefined || jobs.length > limit) return pageOf(jobs, limit, job => job.id)
    before = slice.next
    await nextTurn()
  }
}
