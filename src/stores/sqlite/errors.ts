import { EscapementError, isEscapementError } from '../../core/errors.ts'

/** Wraps what a transaction's body has thrown. It is the app's, may be anything, and is passed on unchanged. */
export class ThrownByApp extends Error {
  readonly thrown: unknown

  constructor(thrown: unknown) {
    super('The body of a transaction threw.')
    this.thrown = thrown
  }
}

/** Primary result codes of SQLite: https://www.sqlite.org/rescode.html */
const BUSY = 5
const LOCKED = 6
const unavailable = new Map([
  [3, 'access to it was denied'],
  [7, 'there was not enough memory'],
  [8, 'it is read-only'],
  [10, 'the disk reported an error'],
  [11, 'it is damaged'],
  [13, 'the disk is full'],
  [14, 'it could not be opened'],
  [15, 'it is locked in a way that this file system does not support'],
  [23, 'access to it was denied'],
  [26, 'it is not an SQLite database']
])

/**
 * `busy`: another connection holds the lock, try again. `unavailable`: the file can't be used. `other`: a fault in the
 * statement, or not of SQLite.
 */
export type SqliteFault = 'busy' | 'unavailable' | 'other'

/** The only place that reads SQLite's result codes. */
export function classify(error: unknown): SqliteFault {
  const code = primaryCode(error)
  if (code === BUSY || code === LOCKED) return 'busy'
  return code !== undefined && unavailable.has(code) ? 'unavailable' : 'other'
}

/** How SQLite words that one of our tables is missing. It has no code of its own for that. */
const MISSING_OF_OURS = /no such (table|column|index): escapement_\w+|table escapement_\w+ has no column/

/**
 * The error as the port promises it: `store-unavailable` for a fault of the file; other errors are returned unchanged.
 */
export function asStoreError(error: unknown, file: string): unknown {
  if (error instanceof ThrownByApp) return error.thrown
  const missing = error instanceof Error && !isEscapementError(error) && MISSING_OF_OURS.exec(error.message)
  if (missing) return incompleteError(file, missing[0])
  if (isEscapementError(error) || classify(error) !== 'unavailable') return error
  const reason = unavailable.get(primaryCode(error) ?? 0)
  return new EscapementError('store-unavailable', `The SQLite file ${file} could not be used: ${reason}.`, {
    cause: error
  })
}

export const busyError = (file: string, waitedMs: number, cause: unknown): EscapementError =>
  new EscapementError(
    'store-busy',
    `The SQLite file ${file} was locked by others for ${Math.round(waitedMs)} ms, longer than an operation may wait.`,
    { cause }
  )

export const closedError = (file: string): EscapementError =>
  new EscapementError('store-unavailable', `The store on the SQLite file ${file} has been closed.`)

export const goneError = (path: string, whatBecame: string): EscapementError =>
  new EscapementError(
    'store-unavailable',
    `The file ${path} ${whatBecame}, while this process has it open: it was deleted, renamed or replaced. Nothing more is written to the opened file. Move it back together with its -wal and -shm to continue, or restart every process to use what is there now.`
  )

/** Part of the books is gone, but the file itself is intact. */
export const incompleteError = (file: string, lacks: string): EscapementError =>
  new EscapementError(
    'store-unavailable',
    `The books in the SQLite file ${file} are incomplete: ${lacks}. Restore the whole file from a backup, or drop every table whose name begins with escapement_ to start with new books.`
  )

export const noWriteAheadLog = (file: string, mode: string): EscapementError =>
  new EscapementError(
    'store-unavailable',
    `The SQLite file ${JSON.stringify(file)} could not be put into WAL mode, it stays in the mode "${mode}": it takes a path on a local disk.`
  )

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}
