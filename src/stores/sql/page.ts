import type { Page } from '../../store/reading.ts'

/** Cursors are the key of the last item shown: rows that come or go meanwhile make no gaps and no repeats. `items` holds one more than the page, if there is one. */
export function pageOf<T>(items: readonly T[], limit: number, cursorOf: (item: T) => string): Page<T> {
  const shown = items.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown, cursor: last === undefined || items.length === shown.length ? undefined : cursorOf(last) }
}
