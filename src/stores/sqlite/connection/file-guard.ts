import { realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { goneError } from '../errors.ts'
import type { StoreClock } from './store-clock.ts'

/** How often to check the files next to the database, which takes two further checks. */
const BESIDE_EVERY_MS = 100

/**
 * Checks that the path still leads to what was opened. When the file or its log was deleted, renamed or replaced,
 * SQLite continues through its handles: nobody finds what it writes then, and it is lost with the process.
 */
export class FileGuard {
  readonly #path: string
  readonly #beside: readonly string[]
  readonly #clock: StoreClock
  readonly #opened = new Map<string, string>()
  #besideAt = Number.NEGATIVE_INFINITY

  constructor(file: string, clock: StoreClock) {
    this.#clock = clock
    this.#path = resolve(file)
    // SQLite puts them where a symbolic link leads to.
    this.#beside = ['-wal', '-shm'].map(end => `${realpathSync(this.#path)}${end}`)
    for (const path of [this.#path, ...this.#beside]) this.#opened.set(path, identityOf(path))
  }

  /** @throws EscapementError `store-unavailable` */
  assertSame(): void {
    this.#assertSame(this.#path)
    const now = this.#clock.monotonic()
    if (now - this.#besideAt < BESIDE_EVERY_MS) return
    for (const path of this.#beside) this.#assertSame(path)
    this.#besideAt = now
  }

  #assertSame(path: string): void {
    const found = identityOf(path)
    if (found !== this.#opened.get(path)) throw goneError(path, whatBecame.get(found) ?? 'is another file now')
  }
}

const ABSENT = 'absent'
const EMPTY = 'empty'
const whatBecame = new Map([
  [ABSENT, 'is no longer there'],
  [EMPTY, 'was emptied']
])

/** Device and inode of a file. The log may be empty; a database that was opened never is. */
function identityOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return ABSENT
  return stats.size === 0 && !path.endsWith('-wal') ? EMPTY : `${stats.dev}:${stats.ino}`
}
