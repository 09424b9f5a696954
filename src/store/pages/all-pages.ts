import type { Page } from './page.ts'

/** Every item of a list that comes in pages. */
export async function* allPages<T>(read: (cursor: string | undefined) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    yield* page.items
    cursor = page.cursor
  } while (cursor !== undefined)
}
