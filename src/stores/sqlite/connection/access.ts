import { retryWhileBusy } from './busy.ts'
import type { BusyOptions } from './busy.ts'
import type { Books } from '../books.ts'
import { asStoreError, closedError } from '../errors.ts'
import { WriteQueue } from './write-queue.ts'
import type { WriteMode } from './write-queue.ts'

/** How the store's methods access its books. */
export class Access {
  readonly books: Books
  readonly #options: BusyOptions
  readonly #queue: WriteQueue

  constructor(books: Books, options: BusyOptions) {
    this.books = books
    this.#options = options
    this.#queue = new WriteQueue(books.connection, options, () => books.names.forget())
  }

  /** Runs a step of one statement. Several statements could each see another state. */
  async read<T>(step: (books: Books) => T): Promise<T> {
    const { file } = this.#options
    try {
      return await retryWhileBusy(() => {
        if (!this.books.connection.isOpen) throw closedError(file)
        this.books.connection.assertSame()
        return step(this.books)
      }, this.#options)
    } catch (error) {
      throw asStoreError(error, file)
    }
  }

  /** Runs several statements that see the same state. */
  readSnapshot<T>(step: (books: Books) => T): Promise<T> {
    const { connection } = this.books
    return this.read(books => {
      connection.begin('DEFERRED')
      try {
        return step(books)
      } finally {
        connection.rollback()
      }
    })
  }

  write<T>(step: (books: Books) => T, mode?: WriteMode): Promise<T> {
    return this.#queue.write(() => step(this.books), mode)
  }

  /** A write with a result per item, in parts: a transaction includes as many parts as it has time for. */
  async writeEach<I, T>(
    items: readonly I[],
    size: number,
    step: (books: Books, part: readonly I[]) => T[]
  ): Promise<T[]> {
    const parts: Promise<T[]>[] = []
    for (let start = 0; start < items.length; start += size) {
      const part = items.slice(start, start + size)
      parts.push(this.write(books => step(books, part)))
    }
    return (await Promise.all(parts)).flat()
  }

  /**
   * A write that takes the lock only if there is something to write. If `look` returns a result, there is nothing to
   * write. While other writes of this connection wait, `look` is skipped, since they take the lock in any case.
   */
  writeIfNeeded<T>(look: (books: Books) => T | undefined, step: (books: Books) => T): Promise<T> {
    const seen = this.#queue.isEmpty ? this.#lookOnce(look) : undefined
    return seen === undefined ? this.write(step) : Promise.resolve(seen)
  }

  /** Writes within this turn of the event loop, without retries: for a process that has no other turn left. */
  writeNow(step: (books: Books) => void): void {
    const { connection } = this.books
    // What failed may be the body of a transaction: its writes are dropped.
    if (connection.isInTransaction) connection.rollback()
    connection.begin('IMMEDIATE')
    step(this.books)
    connection.commit()
  }

  /** Further calls do nothing. */
  close(): void {
    this.#queue.close()
    this.books.connection.close()
  }

  #lookOnce<T>(look: (books: Books) => T | undefined): T | undefined {
    try {
      if (!this.books.connection.isOpen) return undefined
      this.books.connection.assertSame()
      return look(this.books)
    } catch {
      // The write will meet the same problem, and knows how to wait for it and how to report it.
      return undefined
    }
  }
}
