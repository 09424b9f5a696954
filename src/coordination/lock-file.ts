import { statSync } from 'node:fs'
import { EscapementError } from '../core/errors.ts'

/**
 * The part of an SQLite driver that locks need. Its busy time-out is 0; its errors have SQLite's result code as
 * `errcode`.
 */
export interface LockDatabase {
  exec(sql: string): void
  prepare(sql: string): { get(): unknown }
  close(): void
}

/**
 * A lock that the kernel frees when this process ends, however it ends: SQLite's exclusive lock on a database that
 * contains only the last term. Nothing else in this process may open that file: closing another handle to it would free
 * the lock (POSIX, fcntl).
 */
export class LockFile {
  readonly file: string
  readonly #database: LockDatabase
  readonly #identity: string
  #isOpen = true
  #term: number

  /** Takes over a database on which BEGIN EXCLUSIVE has succeeded. */
  constructor(file: string, database: LockDatabase) {
    this.file = file
    this.#database = database
    // Taken before the write: as a write begins, SQLite itself checks that the path still leads to the file it has
    // open.
    this.#identity = identityOf(file) ?? 'gone'
    if (this.#readPragma('journal_mode') !== 'delete') throw new Error('it is another kind of database')
    // From here on the lock outlasts transactions. If an earlier line fails, nothing stays locked.
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.exec('COMMIT')
    const last = Number(this.#readPragma('user_version'))
    // A power cut may leave a new file without content, which nobody can open: so the first write waits for the disk.
    // Later writes don't: after a power cut the terms in the books count.
    database.exec(`PRAGMA synchronous = ${last === 0 ? 'FULL' : 'OFF'}`)
    // A read-only file seems locked to everyone who tries. Only a write shows the truth.
    this.#term = last + 1
    database.exec(`PRAGMA user_version = ${this.#term}`)
  }

  /** Greater than every term that was written here before. */
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

  /** Whether the path still leads to the locked file. If not, another process can lock a different file there. */
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

/** Device and inode. Undefined: the file does not exist or can no longer be reached. */
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
