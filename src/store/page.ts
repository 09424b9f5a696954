/** A page of a list, and the cursor of the next page; undefined on the last. Cursors are opaque texts. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly cursor: string | undefined
}

export interface PageRequest {
  /** 1 to 1,000. */
  readonly limit: number
  readonly cursor?: string | undefined
}
