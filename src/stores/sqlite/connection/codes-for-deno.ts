import type { DatabaseSync } from 'node:sqlite'

/** SQLite's own words for the result codes that we tell apart: https://www.sqlite.org/rescode.html */
const codes: readonly (readonly [RegExp, number])[] = [
  [/^access permission denied/, 3],
  [/^database is locked/, 5],
  [/^database table is locked/, 6],
  [/^out of memory/, 7],
  [/^attempt to write a readonly database/, 8],
  [/^disk I\/O error/, 10],
  [/^database disk image is malformed/, 11],
  [/^database or disk is full/, 13],
  [/^unable to open database file/, 14],
  [/^locking protocol/, 15],
  [/^file is not a database/, 26]
]

/** Deno's errors have no `errcode` when they come from `exec` or from opening a file. Prepared statements' have. */
export function addCode(error: unknown): unknown {
  if (!(error instanceof Error) || 'errcode' in error) return error
  if ((error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') return error
  const [, errcode] = codes.find(([words]) => words.test(error.message)) ?? []
  return errcode === undefined ? error : Object.assign(error, { errcode })
}

/** Opens a database whose errors have the codes that Node's have. */
export function openWithCodes(open: () => DatabaseSync): DatabaseSync {
  const database = coded(open)
  const exec = database.exec.bind(database)
  database.exec = sql => coded(() => exec(sql))
  return database
}

function coded<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw addCode(error)
  }
}
