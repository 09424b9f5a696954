import type { SearchedPage, SearchRequest } from '../../../store/pages/search.ts'

interface Search<T> {
  readonly isWanted: (item: T) => boolean
  readonly cursorOf: (item: T) => string
  /** How many items to look at before asking whether to continue. */
  readonly slice: number
}

/** A page of the items that are wanted, of a list that begins after the cursor. */
export function searchList<T>(
  list: readonly T[],
  { limit, mayContinue }: SearchRequest,
  { isWanted, cursorOf, slice }: Search<T>
): SearchedPage<T> {
  const items: T[] = []
  for (const [index, item] of list.entries()) {
    if (isWanted(item)) {
      if (items.length === Math.max(1, limit)) return { items, cursor: cursorOf(items.at(-1)!) }
      items.push(item)
    }
    const isEndOfSlice = (index + 1) % slice === 0 && index + 1 < list.length
    if (isEndOfSlice && items.length < limit && mayContinue?.() === false)
      return { items, cursor: cursorOf(item), isCut: true }
  }
  return { items, cursor: undefined }
}
