import { jobCursor, ledgerCursor, scheduleCursor } from '../../store/pages/cursors.ts'
import type { SearchedPage, SearchRequest } from '../../store/pages/search.ts'
import type { Job, JobState } from '../../core/job/job.ts'
import type { LedgerRow } from '../../core/schedule/ledger.ts'
import {
  endOf,
  type JobEnd,
  type JobFilter,
  type LedgerFilter,
  type Page,
  type PageRequest,
  type QueueState,
  type ReadingStore,
  type TaskBacklog
} from '../../store/reading.ts'
import { checkJobFilter } from '../../store/reading-doors.ts'
import type { ReadSchedule } from '../../store/schedules.ts'
import type { MemoryBooks } from './books.ts'
import { asideOf, readSchedule } from './schedules.ts'
import { searchList } from './finding/search-list.ts'
import { compareTexts } from './sorted-list.ts'

type SchedulePage = Parameters<ReadingStore['listSchedules']>[0]

/** A cursor is the key of the last item shown, so rows that come or go meanwhile cause no gaps and no repeats. */
function pageOf<T>(items: readonly T[], { limit }: PageRequest, cursorOf: (item: T) => string): Page<T> {
  const shown = items.slice(0, Math.max(1, limit))
  const last = shown.at(-1)
  return { items: shown, cursor: last === undefined || items.length === shown.length ? undefined : cursorOf(last) }
}

export function listSchedules(books: MemoryBooks, page: SchedulePage): Page<ReadSchedule> {
  const after = scheduleCursor(page.cursor)
  const states = [...books.schedules.values()]
    .filter(state => page.includeRemoved === true || state.phase !== 'removed')
    .filter(state => after === undefined || state.id > after)
    .sort((a, b) => compareTexts(a.id, b.id))
  const shown = pageOf(states, page, state => state.id)
  return { items: shown.items.map(state => readSchedule(books, state)), cursor: shown.cursor }
}

export function listAside(books: MemoryBooks, app: string, page: PageRequest): Page<ReadSchedule> {
  const after = scheduleCursor(page.cursor)
  const states = asideOf(books, app)
    .filter(({ id }) => after === undefined || id > after)
    .sort((a, b) => compareTexts(a.id, b.id))
  const shown = pageOf(states, page, state => state.id)
  return { items: shown.items.map(state => readSchedule(books, state)), cursor: shown.cursor }
}

/**
 * Begins at the cursor and ends one row after the page, so that reading a long ledger takes as many steps as it has
 * rows.
 */
export function listLedger(books: MemoryBooks, filter: LedgerFilter, page: PageRequest): Page<LedgerRow> {
  const after = ledgerCursor(page.cursor)
  const ledger = books.ledgers.get(filter.scheduleId)
  if (ledger === undefined) return { items: [], cursor: undefined }
  const found: LedgerRow[] = []
  let index = after === undefined ? 0 : ledger.indexOf({ fireAt: after + 1 })
  for (; index < ledger.items.length && found.length <= page.limit; index++) {
    const row = ledger.items[index]!
    if (row.fireAt > filter.until) break
    if (row.lastFireAt >= filter.from) found.push(row)
  }
  return pageOf(found, page, row => String(row.fireAt))
}

export function latestLedger(books: MemoryBooks, scheduleId: string, limit: number): LedgerRow[] {
  return (books.ledgers.get(scheduleId)?.items ?? []).slice(-limit).reverse()
}

/** How many jobs a search looks at before it asks whether it may continue. */
const SLICE_JOBS = 5_000

export function listJobs(books: MemoryBooks, filter: JobFilter, page: SearchRequest): SearchedPage<Job> {
  checkJobFilter(filter)
  const before = jobCursor(page.cursor)
  const jobs = [...books.jobs.values()]
    .filter(({ id }) => before === undefined || id < before)
    .sort((a, b) => compareTexts(b.id, a.id))
  return searchList(jobs, page, { isWanted: job => matches(job, filter), cursorOf: job => job.id, slice: SLICE_JOBS })
}

const matches = (job: Job, { state, task, queue, scheduleId }: JobFilter): boolean =>
  (state === undefined || job.state === state) &&
  (task === undefined || job.task === task) &&
  (queue === undefined || job.queue === queue) &&
  (scheduleId === undefined || job.scheduleId === scheduleId)

/** Queues that have unfinished jobs, or are paused. */
export function listQueues(books: MemoryBooks): QueueState[] {
  const counts = new Map<string, Partial<Record<JobState, number>>>()
  for (const queue of books.pausedQueues.keys()) counts.set(queue, {})
  for (const job of books.unfinished.values()) {
    const ofQueue = counts.get(job.queue) ?? {}
    ofQueue[job.state] = (ofQueue[job.state] ?? 0) + 1
    counts.set(job.queue, ofQueue)
  }
  return Array.from(counts, ([queue, ofQueue]) => ({
    queue,
    pausedAt: books.pausedQueues.get(queue),
    counts: ofQueue
  })).sort((a, b) => compareTexts(a.queue, b.queue))
}

export function taskBacklogs(books: MemoryBooks): TaskBacklog[] {
  const waiting = new Map<string, number>()
  for (const job of books.unfinished.values())
    waiting.set(job.task, (waiting.get(job.task) ?? 0) + (job.state === 'running' ? 0 : 1))
  return Array.from(waiting, ([task, count]) => ({ task, waiting: count })).sort((a, b) => compareTexts(a.task, b.task))
}

export const readEnds = (books: MemoryBooks, ids: readonly string[]): JobEnd[] =>
  [...new Set(ids)].flatMap(id => {
    const job = books.jobs.get(id)
    return job === undefined ? [] : endOf(job)
  })
