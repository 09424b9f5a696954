import { type HealthChange, healthAfter, type ScheduleHealth } from '../../../core/counts/health.ts'
import { scheduleCursor } from '../../../store/pages/cursors.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import type { MemoryBooks } from '../books.ts'
import { compareTexts } from '../sorted-list.ts'

/** Notes how a job of a schedule has ended; nothing for a job without one. */
export function noteEnd(
  books: MemoryBooks,
  job: Omit<HealthChange, 'scheduleId'> & { readonly scheduleId: string | undefined },
  now: number
): void {
  const { scheduleId } = job
  if (scheduleId === undefined) return
  const after = healthAfter(books.health.get(scheduleId), { ...job, scheduleId }, now)
  if (after !== undefined) books.health.set(scheduleId, after)
}

export const readHealth = (books: MemoryBooks, ids: readonly string[]): ScheduleHealth[] =>
  [...new Set(ids)].map(id => books.health.get(id)).filter(health => health !== undefined)

export function listFailing(books: MemoryBooks, { limit, cursor }: PageRequest): Page<ScheduleHealth> {
  const after = scheduleCursor(cursor) ?? ''
  const isThere = (id: string): boolean => (books.schedules.get(id)?.phase ?? 'removed') !== 'removed'
  const failing = [...books.health.values()]
    .filter(({ scheduleId: id, failuresInRow }) => failuresInRow > 0 && compareTexts(id, after) > 0 && isThere(id))
    .sort((a, b) => compareTexts(a.scheduleId, b.scheduleId))
  const items = failing.slice(0, limit)
  return { items, cursor: failing.length > limit ? items.at(-1)?.scheduleId : undefined }
}
