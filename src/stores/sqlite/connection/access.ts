import { retryWhileBusy } from './busy.ts'
import type { BusyOptions } from './busy.ts'
import type { Books } from '../books.ts'
import { asStoreError, closedError } from '../errors.ts'
import { WriteQueue } from './write-queue.ts'
import type { WriteMode } from './write-queue.ts'

/** How the methods of the store come at its books. */
export class Access {
  readonly books: Books
  readonly #options: BusyOptions
  readonly #queue: WriteQueue

  constructor(books: Books, options: BusyOptions) {
    this.books = books
    this.#options = options
    this.#queue = new WriteQueue(books.connection, options, () => books.names.forget())
  }

  /** A step of one statement; more than one would each see the state of its own moment. */
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

  /** Several statements that see one and the same state. */
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

  /** A write that answers each item for itself, in parts: a transaction takes in as many of them as it has time for. */
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
   * A write that takes the lock only if there is something to write: `look` answers undefined then. While other writes
   * of this connection wait it is not asked, since the lock will be taken for them in any case.
   */
  writeIfNeeded<T>(look: (books: Books) => T | undefined, step: (books: Books) => T): Promise<T> {
    const seen = this.#queue.isEmpty ? this.#lookOnce(look) : undefined
    return seen === undefined ? this.write(step) : Promise.resolve(seen)
  }

  /** A write within this very turn, tried once: for a process that has no other turn left. */
  writeNow(step: (books: Books) => void): void {
    const { connection } = this.books
    // A body of a transaction may be what has failed: what it wrote is not kept.
    if (connection.isInTransaction) connection.rollback()
    connection.begin('IMMEDIATE')
    step(this.books)
    connection.commit()
  }

  /** Second calls do nothing. */
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
      // Whatever hindered the look will hinder the write as well, which knows how to wait and how to say it.
      return undefined
    }
  }
}
