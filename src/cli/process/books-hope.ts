import { isOfEscapement } from '../failures.ts'

/**
 * Whether a start may wait for books that could not be opened. `passes`: they may open soon, such as a database that is
 * starting. `stays`: a person has to fix it. `unknown`: the error is not about the books.
 */
export type Hope = 'passes' | 'stays' | 'unknown'

/** Wrong password, user or database; no right to the schema; no driver; faults of certificates. */
const refusals =
  /^(28\w{3}|3D000|42501|ERR_MODULE_NOT_FOUND|ERR_TLS_\w+|CERT_\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_(GET|VERIFY)_\w+)$/
const noTls = /^The server does not support SSL/
/**
 * SQLite's primary codes: no permission, read-only, damaged, can't be opened, no lock of this size, no authorization,
 * no database.
 */
const brokenFiles = new Set([3, 8, 11, 14, 15, 23, 26])

export function hopeOf(error: unknown): Hope {
  if (!isOfEscapement(error)) return 'unknown'
  switch (error.code) {
    case 'store-busy':
      return 'passes'
    case 'store-unavailable':
      return isForGood(error.cause) ? 'stays' : 'passes'
    // A start throws these only if they don't pass by themselves.
    case 'seat-refused':
    case 'seat-unavailable':
    case 'migration-mismatch':
      return 'stays'
    default:
      return 'unknown'
  }
}

/** Without a cause, Escapement itself can't use what it found. */
function isForGood(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.every(isForGood)
  if (!(cause instanceof Error)) return true
  const { code, errcode } = cause as { code?: unknown; errcode?: unknown }
  if (typeof errcode === 'number') return brokenFiles.has(errcode & 0xff)
  return refusals.test(String(code)) || noTls.test(cause.message)
}
