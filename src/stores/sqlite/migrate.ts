import { randomUUID } from 'node:crypto'
import type { AppliedMigration, Migration, MigrationState } from '../sql/migration.ts'
import { checksumOf, statesOf } from '../sql/migration.ts'
import { retryWhileBusy } from './busy.ts'
import type { BusyOptions } from './busy.ts'
import type { Connection } from './connection.ts'
import { migrations } from './migrations/all.ts'

const TABLE =
  'CREATE TABLE escapement_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, min_compatible INTEGER NOT NULL, applied_at INTEGER NOT NULL)'
const RECORD =
  'INSERT INTO escapement_migration (number, name, checksum, min_compatible, applied_at) VALUES (?, ?, ?, ?, ?)'
const READ =
  'SELECT number, name, checksum, min_compatible AS minCompatible, applied_at AS appliedAt FROM escapement_migration ORDER BY number'

/** What was applied to the file, and what is still to be. Writes nothing. */
export async function migrationStates(
  connection: Connection,
  options: BusyOptions,
  known: readonly Migration[] = migrations
): Promise<readonly MigrationState[]> {
  return retryWhileBusy(() => readStates(connection, known), options)
}

/** Applies what is pending, under the write lock: of any number of processes one does it, and the others find it done. */
export async function migrate(
  connection: Connection,
  options: BusyOptions,
  known: readonly Migration[] = migrations
): Promise<readonly MigrationState[]> {
  const states = await migrationStates(connection, options, known)
  if (states.every(state => state.appliedAt !== undefined)) return states
  await retryWhileBusy(() => applyPending(connection, options.clock.now(), known), options)
  return migrationStates(connection, options, known)
}

function applyPending(connection: Connection, now: number, known: readonly Migration[]): void {
  connection.begin('IMMEDIATE')
  try {
    const pending = readStates(connection, known).filter(({ appliedAt }) => appliedAt === undefined)
    for (const { number } of pending) apply(connection, known[number - 1]!, now)
    connection.commit()
  } catch (error) {
    connection.rollback()
    throw error
  }
}

function apply(connection: Connection, migration: Migration, now: number): void {
  const { number, name, minCompatible, sql } = migration
  if (number === 1) connection.exec(TABLE)
  connection.exec(sql)
  if (number === 1) connection.prepare('INSERT INTO escapement_store (one, id) VALUES (1, ?)').run(randomUUID())
  connection.prepare(RECORD).run(number, name, checksumOf(migration), minCompatible, now)
}

const readStates = (connection: Connection, known: readonly Migration[]): MigrationState[] =>
  statesOf(`The SQLite file ${connection.file}`, readApplied(connection), known)

function readApplied(connection: Connection): AppliedMigration[] {
  const isThere = connection
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'escapement_migration'")
    .get()
  return isThere === undefined ? [] : connection.prepareRecords<AppliedMigration>(READ).all()
}
