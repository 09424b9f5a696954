import { identityOf, type LockDatabase, LockFile, unusable } from './lock-file.ts'

/** https://www.sqlite.org/rescode.html */
const BUSY = 5
const LOCKED = 6
const MOVED = 1032

/** Tries repeatedly to lock one file. Keeps it open between tries, which halves what a try costs. */
export class LockContender {
  readonly #file: string
  readonly #open: (file: string) => LockDatabase
  #database: LockDatabase | undefined
  #identity: string | undefined

  constructor(file: string, open: (file: string) => LockDatabase) {
    this.#file = file
    this.#open = open
  }

  /**
   * Undefined: another process has it.
   *
   * @throws EscapementError `seat-unavailable` if the file can't be created or written.
   */
  take(): LockFile | undefined {
    const database = this.#begun()
    if (database === undefined) return undefined
    this.#database = undefined
    try {
      return new LockFile(this.#file, database)
    } catch (error) {
      database.close()
      // Deleted or replaced since it was opened: we locked a file that others no longer see.
      if (resultCode(error) === MOVED) return undefined
      throw unusable(this.#file, error)
    }
  }

  #begun(): LockDatabase | undefined {
    try {
      // A lock on a deleted or replaced file keeps nobody out.
      if (this.#database !== undefined && identityOf(this.#file) !== this.#identity) this.close()
      const database = (this.#database ??= this.#opened())
      database.exec('BEGIN EXCLUSIVE')
      return database
    } catch (error) {
      const code = resultCode(error)
      if (code === BUSY || code === LOCKED) return undefined
      this.close()
      throw unusable(this.#file, error)
    }
  }

  close(): void {
    this.#database?.close()
    this.#database = undefined
  }

  #opened(): LockDatabase {
    const database = this.#open(this.#file)
    this.#identity = identityOf(this.#file)
    return database
  }
}

function resultCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? code : undefined
}
