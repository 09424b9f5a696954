import type { Page } from '../../store/reading.ts'

/**
 * A cursor is the key of the last item shown, so rows that come or go meanwhile cause no gaps and no repeats. If there
 * is a next page, `items` has one item more than this page.
 */
export function pageOf<T>(items: readonly T[], limit: number, cursorOf: (item: T) => string): Page<T> {
  const shown = items.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown, cursor: last === undefined || items.length === shown.length ? undefined : cursorOf(last) }
}
