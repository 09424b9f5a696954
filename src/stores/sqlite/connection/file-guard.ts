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
  readonly #opened = new Map<string, Identity>()
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
    const { dev, ino, isEmpty } = this.#opened.get(path)!
    const found = identityOf(path)
    if (found.ino === ino && found.dev === dev && found.isEmpty === isEmpty) return
    throw goneError(
      path,
      found === ABSENT ? 'is no longer there' : found.isEmpty ? 'was emptied' : 'is another file now'
    )
  }
}

interface Identity {
  readonly dev: number
  readonly ino: number
  readonly isEmpty: boolean
}

const ABSENT: Identity = { dev: -1, ino: -1, isEmpty: false }
const lenient = { throwIfNoEntry: false } as const

/** The log may be empty; a database that was opened never is. */
function identityOf(path: string): Identity {
  const stats = statSync(path, lenient)
  if (stats === undefined) return ABSENT
  return { dev: stats.dev, ino: stats.ino, isEmpty: stats.size === 0 && !path.endsWith('-wal') }
}
