import { randomUUID } from 'node:crypto'
import type { MigrationState } from '../../store/kind.ts'
import type { AppliedMigration, Migration } from '../sql/migration.ts'
import { checksumOf, neededBy, statesOf } from '../sql/migration.ts'
import { type OlderNode, type OlderNodes, olderNodesError, untilNoneIsOlder, watchingOf } from '../sql/older-nodes.ts'
import { retryWhileBusy } from './connection/busy.ts'
import type { BusyOptions } from './connection/busy.ts'
import type { Connection } from './connection/connection.ts'
import { incompleteError } from './errors.ts'
import { migrations } from './migrations/all.ts'

export const MAKE_TABLE =
  'CREATE TABLE IF NOT EXISTS escapement_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, min_compatible INTEGER NOT NULL, applied_at INTEGER NOT NULL)'
const RECORD =
  'INSERT INTO escapement_migration (number, name, checksum, min_compatible, applied_at) VALUES (?, ?, ?, ?, ?)'
const READ =
  'SELECT number, name, checksum, min_compatible AS minCompatible, applied_at AS appliedAt FROM escapement_migration ORDER BY number'

/** Lists the applied and the pending migrations. Writes nothing. */
export async function migrationStates(
  connection: Connection,
  options: BusyOptions,
  known: readonly Migration[] = migrations
): Promise<readonly MigrationState[]> {
  return retryWhileBusy(() => inSnapshot(connection, () => readStates(connection, known)), options)
}

/**
 * Applies pending migrations under the write lock. If many processes do so at once, one does it, and the others find it
 * done.
 */
export async function migrate(
  connection: Connection,
  options: BusyOptions,
  known: readonly Migration[] = migrations,
  watching = watchingOf({})
): Promise<readonly MigrationState[]> {
  const states = await migrationStates(connection, options, known)
  const pending = states.filter(({ appliedAt }) => appliedAt === undefined)
  if (pending.length === 0) return states
  if (pending.length < states.length) {
    const needed = neededBy(known.slice(-pending.length))
    await untilNoneIsOlder(olderNodes(connection, options, needed), watching)
  }
  await retryWhileBusy(() => applyPending(connection, options.clock.now(), known), options)
  return migrationStates(connection, options, known)
}

function applyPending(connection: Connection, now: number, known: readonly Migration[]): void {
  connection.begin('IMMEDIATE')
  try {
    const states = readStates(connection, known)
    const pending = states.filter(({ appliedAt }) => appliedAt === undefined)
    if (pending.length > 0 && pending.length < states.length)
      assertNoneIsOlder(connection, known.slice(-pending.length))
    for (const { number } of pending) apply(connection, known[number - 1]!, now)
    connection.commit()
  } catch (error) {
    connection.rollback()
    throw error
  }
}

function apply(connection: Connection, migration: Migration, now: number): void {
  const { number, name, minCompatible, sql } = migration
  if (number === 1) connection.exec(MAKE_TABLE)
  connection.exec(sql)
  if (number === 1) connection.prepare('INSERT INTO escapement_store (one, id) VALUES (1, ?)').run(randomUUID())
  connection.prepare(RECORD).run(number, name, checksumOf(migration), minCompatible, now)
}

const LAYOUT_COLUMN = "SELECT 1 FROM pragma_table_info('escapement_node') WHERE name = 'layout'"
const LIST_OLDER = "SELECT id, host, pid, counter FROM escapement_node WHERE phase = 'alive' AND"
const MARK_LOST =
  "UPDATE escapement_node SET phase = 'lost', ended_at = ? WHERE id = ? AND phase = 'alive' AND counter = ?"

/**
 * Nodes that count as alive, of releases that know fewer migrations. Nodes of the first layout know one, and have no
 * column that says so.
 */
function listOlder(connection: Connection, needed: number): OlderNode[] {
  const saysSo = connection.prepare(LAYOUT_COLUMN).get() !== undefined
  return connection
    .prepareRecords<OlderNode>(`${LIST_OLDER} ${saysSo ? 'layout' : '1'} < ? ORDER BY number`)
    .all(needed)
}

const olderNodes = (connection: Connection, options: BusyOptions, needed: number): OlderNodes => ({
  books: nameOf(connection),
  list: () => retryWhileBusy(() => listOlder(connection, needed), options),
  markLost: ({ id, counter }) =>
    retryWhileBusy(() => connection.prepare(MARK_LOST).run(options.clock.now(), id, counter), options)
})

function assertNoneIsOlder(connection: Connection, pending: readonly Migration[]): void {
  const older = listOlder(connection, neededBy(pending))
  if (older.length > 0) throw olderNodesError(nameOf(connection), older)
}

const nameOf = ({ file }: Connection): string => `The SQLite file ${file}`

function readStates(connection: Connection, known: readonly Migration[]): MigrationState[] {
  const applied = readApplied(connection)
  const states = statesOf(nameOf(connection), applied, known)
  assertWhole(connection, applied.length, known)
  return states
}

/** Both reads see the same state: another process could migrate in between. */
function inSnapshot<T>(connection: Connection, look: () => T): T {
  connection.begin('DEFERRED')
  try {
    return look()
  } finally {
    connection.rollback()
  }
}

const THERE = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'index')"
const MADE = /CREATE (?:UNIQUE )?(?:TABLE|INDEX) (escapement_\w+)/g
const namesMadeBy = (migrations: readonly Migration[]): string[] =>
  migrations.flatMap(({ sql }) => Array.from(sql.matchAll(MADE), ([, name]) => name!))

/**
 * Checks that everything the applied migrations create exists, and nothing of the others. Otherwise a restore left out
 * rows, or tables were dropped.
 */
function assertWhole(connection: Connection, applied: number, known: readonly Migration[]): void {
  const there = new Set(connection.prepare<[string]>(THERE).all().flat())
  const missing = namesMadeBy(known.slice(0, applied)).filter(name => !there.has(name))
  if (missing.length > 0) throw incompleteError(connection.file, `it lacks ${missing.join(', ')}`)
  const early = namesMadeBy(known.slice(applied)).find(name => there.has(name))
  if (early !== undefined)
    throw incompleteError(connection.file, `it has ${early}, but no row in escapement_migration for it`)
}

function readApplied(connection: Connection): AppliedMigration[] {
  const isThere = connection
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'escapement_migration'")
    .get()
  return isThere === undefined ? [] : connection.prepareRecords<AppliedMigration>(READ).all()
}
