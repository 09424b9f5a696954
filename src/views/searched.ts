import { isoOf } from '../core/trigger/instant.ts'
import type { SearchedPage } from '../store/pages/search.ts'

/** A page of a list that stops searching after a while, as responses have it. */
export interface SearchedView<Item> {
  readonly items: readonly Item[]
  readonly cursor: string | null
  /** False: there may be more than the page has room for, and it continues at the cursor. */
  readonly complete: boolean
  /** How far an incomplete search has looked. */
  readonly searchedUntil: string | null
}

/** `placeOf` says in words where a cursor is. */
export function searchedView<Item, Shown>(
  { items, cursor, isCut }: SearchedPage<Item>,
  show: (item: Item) => Shown,
  placeOf: (cursor: string) => string | undefined
): SearchedView<Shown> {
  const complete = isCut !== true
  const searchedUntil = complete || cursor === undefined ? null : (placeOf(cursor) ?? null)
  return { items: items.map(show), cursor: cursor ?? null, complete, searchedUntil }
}

const TIME_BITS = /^([0-9a-f]{8})-([0-9a-f]{4})-7/

/** When an id of ours was made. Undefined for an id that a caller chose in another way. */
export function timeOfId(id: string): string | undefined {
  const [, high, low] = TIME_BITS.exec(id) ?? []
  return high === undefined ? undefined : isoOf(Number.parseInt(`${high}${low}`, 16))
}
