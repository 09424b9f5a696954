/** A page of a list, and the cursor of the next page; undefined on the last. Cursors are opaque texts. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly cursor: string | undefined
}

/** Which page of a list. */
export interface PageRequest {
  /** 1 to 1,000. */
  readonly limit: number
  /**
   * The cursor of the page before.
   * @default the first page
   */
  readonly cursor?: string | undefined
}
