import type { Page, PageRequest } from './page.ts'

/** Which page of a search, and how long to look for it. */
export interface SearchRequest extends PageRequest {
  /**
   * Asked from time to time during a search. False ends it where it is.
   * @default it continues until the page is full
   */
  readonly mayContinue?: (() => boolean) | undefined
}

/** A page of a search. */
export interface SearchedPage<T> extends Page<T> {
  /** The search was ended before the page was full: it may be short or empty, and continues at the cursor. */
  readonly isCut?: true
}
