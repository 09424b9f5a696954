interface Listed<Item> {
  readonly items: readonly Item[]
  readonly cursor: string | null
}

/**
 * Every item of a list, page by page: the next page is asked for when the items of the one before are used up.
 *
 * @example
 * ```ts
 * for await (const job of everyItem(scheduler.listJobs, { task: 'mail' })) console.log(job.id)
 * ```
 *
 * @experimental
 */
export async function* everyItem<Request extends { readonly cursor?: string | undefined } | undefined, Item>(
  list: (request: Request) => Promise<Listed<Item>>,
  request: NoInfer<NonNullable<Request>>
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | null | undefined
  do {
    const page: Listed<Item> = await list(cursor === undefined ? request : { ...request, cursor })
    yield* page.items
    cursor = page.cursor
  } while (cursor !== null)
}
