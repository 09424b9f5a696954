import type { SearchedPage, SearchRequest } from '../../../store/pages/search.ts'
import { pageOf } from '../page.ts'

/** What was found in one slice of a list, and the cursor of the next slice; undefined: this was the last. */
export interface Slice<T> {
  readonly found: readonly T[]
  readonly next: string | undefined
}

export interface Search<T> {
  /** Looks through one slice, for so many at most. */
  readonly look: (cursor: string | undefined, limit: number) => Promise<Slice<T>>
  readonly cursorOf: (item: T) => string
  /** Lets others have their turn between two slices. */
  readonly pause?: () => Promise<unknown>
}

/** One page, searched slice by slice until it is full, the list has ended, or the caller has waited enough. */
export async function searchPage<T>(
  { limit, cursor, mayContinue }: SearchRequest,
  { look, cursorOf, pause }: Search<T>
): Promise<SearchedPage<T>> {
  const items: T[] = []
  let from = cursor
  for (;;) {
    // One more than the page has, to see whether there is another page.
    const { found, next } = await look(from, limit + 1 - items.length)
    items.push(...found)
    if (next === undefined || items.length > limit) return pageOf(items, limit, cursorOf)
    if (mayContinue?.() === false) return { items, cursor: next, ...(items.length < limit ? { isCut: true } : {}) }
    from = next
    await pause?.()
  }
}
