import { allPages } from '../store/pages/all-pages.ts'
import type { ReadSchedule } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'

const AT_ONCE = 500

/** Every schedule in the books, in the order of their ids. Removed ones only if asked for. */
export function allSchedules(store: Store, { includeRemoved = false } = {}): AsyncGenerator<ReadSchedule> {
  return allPages(cursor => store.listSchedules({ limit: AT_ONCE, cursor, includeRemoved }))
}
