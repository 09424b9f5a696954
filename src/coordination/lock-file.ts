import { statSync } from 'node:fs'
import { EscapementError } from '../core/errors.ts'

/** What is needed of an SQLite driver, whose busy time-out is 0. Its errors have SQLite's result code as `errcode`. */
export interface LockDatabase {
  exec(sql: string): void
  prepare(sql: string): { get(): unknown }
  close(): void
}

/**
 * A lock that the kernel frees when this process ends, whatever ended it: SQLite's exclusive lock on a database that holds
 * nothing but the last term. Nothing else in this process may open that file: closing any other handle to it would
 * free the lock (POSIX, fcntl).
 */
export class LockFile {
  readonly file: string
  readonly #database: LockDatabase
  readonly #identity: string
  #isOpen = true
  #term: number

  /** Of a database on which BEGIN EXCLUSIVE has succeeded; from here on it is this lock's. */
  constructor(file: string, database: LockDatabase) {
    this.file = file
    this.#database = database
    // Before the write: as it begins, SQLite itself compares the path with the file that it has open.
    this.#identity = identityOf(file) ?? 'gone'
    if (this.#readPragma('journal_mode') !== 'delete') throw new Error('it is another kind of database')
    // From now on the lock stays when a transaction ends. Whoever fails to get here keeps nothing.
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.exec('COMMIT')
    const last = Number(this.#readPragma('user_version'))
    // A power cut may leave a new file without its content, which nobody could open then. Later writes don't wait for the
    // disk: of the terms it is those in the books that outlive a power cut, as far as the books do.
    database.exec(`PRAGMA synchronous = ${last === 0 ? 'FULL' : 'OFF'}`)
    // A read-only file is "locked" by everybody who asks; only a write tells.
    this.#term = last + 1
    database.exec(`PRAGMA user_version = ${this.#term}`)
  }

  /** Greater than all that was written here before. */
  get term(): number {
    return this.#term
  }

  /** @throws EscapementError `seat-unavailable` */
  writeTerm(term: number): void {
    try {
      this.#database.exec(`PRAGMA user_version = ${term}`)
      this.#term = term
    } catch (error) {
      throw unusable(this.file, error)
    }
  }

  /** Whether the path still leads to the file that is locked: else somebody else can lock another one there. */
  isIntact(): boolean {
    return this.#isOpen && identityOf(this.file) === this.#identity
  }

  /** A second release does nothing. */
  release(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#database.close()
  }

  #readPragma(name: string): unknown {
    const row = this.#database.prepare(`PRAGMA ${name}`).get()
    return typeof row === 'object' && row !== null ? Object.values(row)[0] : row
  }
}

/** Device and inode. Undefined: there is no such file, or it can't be seen any more. */
export function identityOf(file: string): string | undefined {
  try {
    const { dev, ino } = statSync(file, { bigint: true })
    return `${dev} ${ino}`
  } catch {
    return undefined
  }
}

export const unusable = (file: string, cause: unknown): EscapementError =>
  new EscapementError(
    'seat-unavailable',
    `The lock file ${file} could not be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
    { cause }
  )
