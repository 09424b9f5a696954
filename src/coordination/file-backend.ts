import { constants, renameSync, rmSync, writeFileSync } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '../clock/clock.ts'
import { EscapementError } from '../core/errors.ts'
import type { SeatHolder, SeatState } from '../store/seats.ts'
import type { SeatRight, SeatBackend } from './backend.ts'
import { LockContender } from './lock-contender.ts'
import type { LockDatabase, LockFile } from './lock-file.ts'
import { networkDiskOf } from './network-disk.ts'
import { DEFAULT_SEAT } from './seat-name.ts'

/**
 * A dead holder's lock is free at once, so this interval decides how long a take-over takes. A try takes about 10 µs.
 */
const CONTEND_EVERY_MS = 30
const BEAT_EVERY_MS = 50
/** By then the holder of a deleted lock file has noticed. */
const FORGOTTEN_MS = 4 * BEAT_EVERY_MS

export interface FileBackendOptions {
  readonly clock: Clock
  readonly holder: SeatHolder
  /**
   * The lock file of the seat "primary". Other seats' files and the notes lie next to it. A missing folder is created.
   */
  readonly lockPath: string
  readonly allowNetworkDisk: boolean
  readonly openDatabase: (file: string) => LockDatabase
  /** @default asks the operating system */
  readonly fileSystemType?: (path: string) => Promise<number>
}

/**
 * Seats by locks of the operating system, for the processes of one host. A lock is free as soon as its holder is dead.
 * A frozen holder keeps it, since the kernel cannot tell that from work.
 */
export class FileBackend implements SeatBackend {
  readonly name = 'file'
  readonly contendEveryMs = CONTEND_EVERY_MS
  readonly beatEveryMs = BEAT_EVERY_MS
  readonly isLeased = false
  readonly #options: FileBackendOptions
  readonly #contenders = new Map<string, LockContender>()

  constructor(options: FileBackendOptions) {
    this.#options = options
  }

  /**
   * @throws EscapementError `seat-unavailable` if the folder can't be written, `seat-refused` if it is on a network
   * disk.
   */
  async prepare(): Promise<void> {
    const { lockPath, allowNetworkDisk, fileSystemType } = this.#options
    const folder = dirname(lockPath)
    try {
      await mkdir(folder, { recursive: true })
      await access(folder, constants.W_OK | constants.X_OK)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new EscapementError('seat-unavailable', `The folder of the lock files can't be written: ${reason}.`, {
        cause
      })
    }
    const disk = await networkDiskOf(folder, fileSystemType)
    if (disk !== undefined && !allowNetworkDisk)
      throw new EscapementError(
        'seat-refused',
        `The lock file ${lockPath} would be on a network disk (${disk}), where two processes can hold one lock. Name one on a local disk with ` +
          '"coordination.lockPath" or LOCK_PATH, or coordinate by "store" or "redis".'
      )
  }

  async take(seat: string, read: () => Promise<SeatState | undefined>): Promise<SeatRight | undefined> {
    const lock = this.#contender(seat).take()
    if (lock === undefined) return undefined
    try {
      const seen = await this.#seenBy(lock, read)
      if (seen !== undefined && seen.term >= lock.term) lock.writeTerm(seen.term + 1)
      this.#leaveNote(seat, lock.term)
      return this.#rightOf(seat, lock, seen)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  async close(): Promise<void> {
    for (const contender of this.#contenders.values()) contender.close()
  }

  #contender(seat: string): LockContender {
    let contender = this.#contenders.get(seat)
    if (contender === undefined) {
      contender = new LockContender(this.#file(seat), this.#options.openDatabase)
      this.#contenders.set(seat, contender)
    }
    return contender
  }

  /**
   * If a lock file has a lower term than the books, the holder in the books has locked another file, which was deleted.
   * Waits until that holder has noticed and stepped down, before another one is elected.
   */
  async #seenBy(lock: LockFile, read: () => Promise<SeatState | undefined>): Promise<SeatState | undefined> {
    const seen = await read()
    if (seen?.holder === undefined || seen.term < lock.term) return seen
    await this.#options.clock.sleep(FORGOTTEN_MS)
    return read()
  }

  #rightOf(seat: string, lock: LockFile, seen: SeatState | undefined): SeatRight {
    return {
      seen,
      term: lock.term,
      extend: async () => lock.isIntact(),
      isIntact: () => lock.isIntact(),
      release: async () => {
        try {
          if (lock.isIntact()) rmSync(this.#note(seat), { force: true })
        } finally {
          lock.release()
        }
      }
    }
  }

  /** For people and `doctor`. It says who took the lock last. Only the lock itself shows whether it is still held. */
  #leaveNote(seat: string, term: number): void {
    const { holder, clock } = this.#options
    const takenAt = clock.now()
    const note = {
      seat,
      term,
      pid: holder.pid,
      host: holder.host,
      processStartedAt: new Date(takenAt - process.uptime() * 1000),
      takenAt: new Date(takenAt)
    }
    const draft = `${this.#note(seat)}.${holder.pid}`
    try {
      writeFileSync(draft, `${JSON.stringify(note)}\n`)
      renameSync(draft, this.#note(seat))
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new EscapementError('seat-unavailable', `The note next to the lock file can't be written: ${reason}.`, {
        cause
      })
    }
  }

  #file(seat: string): string {
    const { lockPath } = this.#options
    return seat === DEFAULT_SEAT ? lockPath : `${lockPath}.${seat}`
  }

  #note(seat: string): string {
    return `${this.#file(seat)}-holder.json`
  }
}
