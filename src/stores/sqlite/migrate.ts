import { createHash, randomUUID } from 'node:crypto'
import { EscapementError } from '../../core/errors.ts'
import { retryWhileBusy } from './busy.ts'
import type { BusyOptions } from './busy.ts'
import type { Connection } from './connection.ts'
import { migrations } from './migrations/all.ts'
import type { Migration } from './migrations/all.ts'

/** One migration as a person is shown it; times in epoch milliseconds. */
export interface MigrationState {
  readonly number: number
  readonly name: string
  /** Undefined: it is still to be applied. */
  readonly appliedAt: number | undefined
}

type Applied = readonly [number: number, name: string, checksum: string, appliedAt: number]

/** What was applied to the file, and what is still to be. Writes nothing. */
export async function migrationStates(
  connection: Connection,
  options: BusyOptions,
  known: readonly Migration[] = migrations
): Promise<readonly MigrationState[]> {
  const applied = await retryWhileBusy(() => readApplied(connection), options)
  checkApplied(connection.file, applied, known)
  return known.map(({ number, name }, index) => ({ number, name, appliedAt: applied[index]?.[3] }))
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
    const applied = readApplied(connection)
    checkApplied(connection.file, applied, known)
    for (const migration of known.slice(applied.length)) apply(connection, migration, now)
    connection.commit()
  } catch (error) {
    connection.rollback()
    throw error
  }
}

function apply(connection: Connection, migration: Migration, now: number): void {
  if (migration.number === 1)
    connection.exec(
      'CREATE TABLE escapement_migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)'
    )
  connection.exec(migration.sql)
  if (migration.number === 1)
    connection.prepare('INSERT INTO escapement_store (one, id) VALUES (1, ?)').run(randomUUID())
  connection
    .prepare('INSERT INTO escapement_migration (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)')
    .run(migration.number, migration.name, checksumOf(migration), now)
}

function readApplied(connection: Connection): Applied[] {
  const isThere = connection
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'escapement_migration'")
    .get()
  if (isThere === undefined) return []
  return connection
    .prepare<Applied>('SELECT number, name, checksum, applied_at FROM escapement_migration ORDER BY number')
    .all()
}

function checkApplied(file: string, applied: readonly Applied[], known: readonly Migration[]): void {
  for (const [index, [number, name, checksum]] of applied.entries()) {
    const ours = known[index]
    if (ours === undefined)
      throw mismatch(
        file,
        `migration ${number} (${name}) was applied to it by a newer release; this one knows ${known.length}`
      )
    if (ours.number !== number || checksumOf(ours) !== checksum)
      throw mismatch(file, `migration ${number} (${name}) was applied to it in another wording than this release has`)
  }
}

const mismatch = (file: string, problem: string): EscapementError =>
  new EscapementError('migration-mismatch', `The SQLite file ${file} does not fit: ${problem}.`)

const checksumOf = ({ number, name, sql }: Migration): string =>
  createHash('sha256').update(`${number}\n${name}\n${sql}`).digest('hex')
