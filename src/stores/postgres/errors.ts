import { EscapementError, isEscapementError } from '../../core/errors.ts'

/** What errors of a database name; without its password. */
export interface DatabaseLocation {
  /** For people: `database "app" at db.example.com:5432`. */
  readonly database: string
  readonly user: string
  /** Quoted. */
  readonly schema: string
}

/**
 * `again`: nothing was done, and a retry may succeed now. `busy`: others held what it needed for too long.
 * `unavailable`: the database can't be used, now or with these permissions. `other`: a fault in the statement, or not
 * of PostgreSQL.
 */
export type PostgresFault = 'again' | 'busy' | 'unavailable' | 'other'

/** A prepared statement is missing, or exists already: a pooler shares the connection that we take for ours. */
const foreignStatement = new Set(['26000', '42P05'])
// Serialization failure, deadlock: https://www.postgresql.org/docs/current/errcodes-appendix.html
const again = new Set(['40001', '40P01', ...foreignStatement])
/** Cancelled (mostly by the statement's deadline), lock not available. */
const busy = new Set(['57014', '55P03'])
/** Classes: connections, authorization, resources, operator intervention, system errors. Then single codes. */
const unavailableClasses = new Set(['08', '28', '53', '57', '58', 'XX'])
/** Schema, table, function: the books were dropped, and may be created again. */
const missing = new Set(['3F000', '42P01', '42883'])
const unavailable = new Set(['25006', '25P03', '25P04', '3D000', '42501', ...missing])

/** How `pg` words the end of a connection that the server did not explain. These errors have no code. */
const driverMessages =
  /^(Connection terminated|Query read timeout|timeout e|Client (was closed|has encountered)|Cannot use a pool|The server does not support SSL|There was an error establishing an SSL)/
const POOL_ENDED = /^Cannot use a pool/
const POOL_FULL = /^timeout exceeded/

/** The only place that reads PostgreSQL's error codes. */
export function classify(error: unknown): PostgresFault {
  const code = sqlState(error)
  if (code === undefined) return isOfDriver(error) ? (POOL_FULL.test(error.message) ? 'busy' : 'unavailable') : 'other'
  if (again.has(code) || isStalePlan(error)) return 'again'
  if (busy.has(code)) return 'busy'
  return unavailable.has(code) || unavailableClasses.has(code.slice(0, 2)) ? 'unavailable' : 'other'
}

/** A row with that key exists already. */
export const isUniqueViolation = (error: unknown): boolean => sqlState(error) === '23505'

/** Another transaction held what a statement needed, for longer than the statement may wait. */
export const isHeldByOthers = (error: unknown): boolean =>
  sqlState(isEscapementError(error, 'store-busy') ? error.cause : error) === '55P03'

/** Two transactions waited for each other, and the server gave up this one. */
export const isDeadlock = (error: unknown): boolean =>
  sqlState(isEscapementError(error, 'store-busy') ? error.cause : error) === '40P01'

export const isForeignStatement = (error: unknown): boolean => foreignStatement.has(sqlState(error) ?? '')

/**
 * Whether the connection of the failed query must be closed: it is broken or in an unknown state, its server is
 * read-only, its plans are stale, or the books are gone.
 */
export function isLost(error: unknown): boolean {
  const code = sqlState(error)
  return (
    code === undefined ||
    code === '25006' ||
    missing.has(code) ||
    isStalePlan(error) ||
    (error as DatabaseFault).severity !== 'ERROR'
  )
}

/**
 * A migration changed the columns that a prepared statement uses; its connection refuses the statement from then on.
 */
const isStalePlan = (error: unknown): boolean =>
  sqlState(error) === '0A000' && (error as DatabaseFault).routine === 'RevalidateCachedQuery'

/** The error as the port promises it. What is no fault of the database is returned unchanged. */
export function asStoreError(error: unknown, location: DatabaseLocation): unknown {
  if (isEscapementError(error)) return error
  const fault = classify(error)
  if (fault === 'other') return error
  if (fault === 'unavailable') return unavailableError(error, location)
  const text = `The PostgreSQL ${location.database} was held by others for longer than an operation may wait: ${reasonOf(error)}.`
  return new EscapementError('store-busy', text, { cause: error })
}

/** Every error while connecting is a fault of the database or of its address. */
export function asConnectError(error: unknown, location: DatabaseLocation): unknown {
  return isEscapementError(error) || classify(error) === 'busy'
    ? asStoreError(error, location)
    : unavailableError(error, location)
}

/** It has a cause, like every error that may pass by itself: a standby may be promoted. */
export const readOnlyError = ({ database }: DatabaseLocation): EscapementError =>
  new EscapementError(
    'store-unavailable',
    `The PostgreSQL ${database} is read-only (a standby, or default_transaction_read_only): the books need the primary.`,
    { cause: new Error('pg_is_in_recovery(), or default_transaction_read_only') }
  )

export const encodingError = (encoding: string, { database }: DatabaseLocation): EscapementError =>
  new EscapementError(
    'store-unavailable',
    `The PostgreSQL ${database} has the encoding ${encoding}, which lacks most characters: the books take a database created with ENCODING 'UTF8'.`
  )

/** PgBouncer's wording. */
const STATEMENT_POOLING = /statement pooling mode/i

const poolingError = ({ database }: DatabaseLocation): EscapementError =>
  new EscapementError(
    'config-invalid',
    `The PostgreSQL ${database} is reached through a pooler that pools by statement, which has no transactions: set its pool_mode to "transaction" or "session", or use an address that bypasses it.`
  )

/** How to get complete books again. `schema` is quoted. */
const cure = (schema: string): string =>
  `Restore the schema with all its rows from a backup, or drop it (DROP SCHEMA ${schema} CASCADE) to start with new books`

export const incompleteError = (schema: string, lacking: string): EscapementError =>
  new EscapementError(
    'store-unavailable',
    `The books in the schema ${schema} are incomplete, they lack ${lacking}. ${cure(schema)}.`
  )

export const foreignError = (schema: string, why: string): EscapementError =>
  new EscapementError(
    'store-unavailable',
    `The schema ${schema} can't be used for the books: ${why}. If it is another program's, use another one (postgres.schema, ESCAPEMENT_DATABASE_SCHEMA). If it was restored without its rows: ${cure(schema)}.`
  )

export const hiddenError = (schema: string, tables: string): EscapementError =>
  new EscapementError(
    'store-unavailable',
    `Row-level security without a policy hides all rows of the books in the schema ${schema} from this role: ${tables}. Turn it off (ALTER TABLE … DISABLE ROW LEVEL SECURITY), let the role own the tables, or make a policy that lets it see and write them.`
  )

export const deniedError = (schema: string, privileges: string): EscapementError =>
  new EscapementError(
    'store-unavailable',
    `This role lacks privileges on the books in the schema ${schema}: ${privileges}. GRANT them as docs/guides/postgres.md describes, or let the role own the schema.`
  )

function unavailableError(cause: unknown, location: DatabaseLocation): EscapementError {
  if (cause instanceof Error && POOL_ENDED.test(cause.message))
    return new EscapementError('store-unavailable', `The store on the PostgreSQL ${location.database} has been closed.`)
  if (sqlState(cause) === '25006') return readOnlyError(location)
  if (cause instanceof Error && STATEMENT_POOLING.test(cause.message)) return poolingError(location)
  const advice = adviceFor(sqlState(cause), location)
  const text = `The PostgreSQL ${location.database} could not be used: ${reasonOf(cause)}${advice === undefined ? '' : `; ${advice}`}.`
  return new EscapementError('store-unavailable', text, { cause })
}

function adviceFor(code: string | undefined, { user, schema }: DatabaseLocation): string | undefined {
  if (code === '28P01' || code === '28000')
    return 'check user and password in its address, and pg_hba.conf of the server'
  if (missing.has(code ?? '')) return `the books in the schema ${schema} are incomplete. ${cure(schema)}`
  if (code === '3D000') return 'create it, or check the name in the address'
  if (code === '42501')
    return `let the role own its schema (CREATE SCHEMA ${schema} AUTHORIZATION "${user}"), or run what "escapement migrate --sql" prints under another role and GRANT this one the schema, its tables, sequences and functions`
  if (code === '53300') return 'lower the pool sizes of its clients, or raise max_connections'
  return undefined
}

interface DatabaseFault extends Error {
  readonly code: string
  readonly severity: string
  /** The function in the server's source that raised it: unlike the message, the same in all languages. */
  readonly routine?: string
}

/** The server's five-character error code; undefined: the error did not come from the server. */
function sqlState(error: unknown): string | undefined {
  return isDatabaseFault(error) ? error.code : undefined
}

const isDatabaseFault = (error: unknown): error is DatabaseFault =>
  error instanceof Error && 'severity' in error && 'code' in error && /^[\dA-Z]{5}$/.test(String(error.code))

const isOfDriver = (error: unknown): error is Error =>
  error instanceof Error && ('syscall' in error || driverMessages.test(error.message))

/** When several addresses were tried, the error holds a list and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join(', ')
  return error instanceof Error ? error.message : String(error)
}
