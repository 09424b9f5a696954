import { isOfEscapement } from '../failures.ts'

/**
 * What a start may hope for whose books could not be opened. `passes`: they may be there in a while, a database that is
 * starting for one. `stays`: only a person can put it right. `unknown`: not a matter of the books.
 */
export type Hope = 'passes' | 'stays' | 'unknown'

/** Password, user and database refused; no right to the schema; and what a certificate lacks. */
const refusals =
  /^(28\w{3}|3D000|42501|ERR_MODULE_NOT_FOUND|ERR_TLS_\w+|CERT_\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_(GET|VERIFY)_\w+)$/
const noTls = /^The server does not support SSL/
/** SQLite's primary codes: no permission, read-only, damaged, can't be opened, no lock of this size, no authorization, no database. */
const brokenFiles = new Set([3, 8, 11, 14, 15, 23, 26])

export function hopeOf(error: unknown): Hope {
  if (!isOfEscapement(error)) return 'unknown'
  switch (error.code) {
    case 'store-busy':
      return 'passes'
    case 'store-unavailable':
      return isForGood(error.cause) ? 'stays' : 'passes'
    // What may pass by itself is not thrown by a start.
    case 'seat-refused':
    case 'seat-unavailable':
    case 'migration-mismatch':
      return 'stays'
    default:
      return 'unknown'
  }
}

/** Without a cause it is Escapement itself that can't use what it found. */
function isForGood(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.every(isForGood)
  if (!(cause instanceof Error)) return true
  const { code, errcode } = cause as { code?: unknown; errcode?: unknown }
  if (typeof errcode === 'number') return brokenFiles.has(errcode & 0xff)
  return refusals.test(String(code)) || noTls.test(cause.message)
}
