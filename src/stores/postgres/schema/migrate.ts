import { setTimeout as sleep } from 'node:timers/promises'
import type { MigrationState } from '../../../store/kind.ts'
import type { AppliedMigration, Migration } from '../../sql/migration.ts'
import { neededBy, statesOf } from '../../sql/migration.ts'
import { olderNodesError, untilNoneIsOlder, type Watching, watchingOf } from '../../sql/older-nodes.ts'
import { foreignError, isDeadlock, isHeldByOthers } from '../errors.ts'
import { makeRoutines, olderRoutines, type RoutineSet } from './make-routines.ts'
import { lock, MAKE_TABLE, makeSchema, record, searchIn, waitBriefly } from './migration-sql.ts'
import { migrations } from '../migrations/all.ts'
import { olderNodes } from './older-nodes.ts'
import { EDITION } from '../routines/editions.ts'
import { routines } from '../routines/all.ts'
import type { Database, Sql, Statement, Transaction } from '../sql.ts'
import { existingRelations, relationsMadeBy } from './whole.ts'

/** For waiting behind another process, and for its index on a large table. */
const LIMIT_MS = 600_000
const PAUSE_MS = 1_000
const MAX_TRIES = 60

type Row = readonly [number: number, name: string, checksum: string, minCompatible: number, appliedAt: number]
const READ: Statement = {
  text: 'SELECT number, name, checksum, min_compatible, applied_at FROM {books}.migration ORDER BY number'
}
const COLUMNS = ['number', 'name', 'checksum', 'min_compatible', 'applied_at']
// Reads the catalogue's tables: functions such as to_regclass() may use what the session has cached.
const IS_THERE: Statement = {
  text: `
SELECT pg_class.oid IS NOT NULL, ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped)
FROM pg_namespace LEFT JOIN pg_class ON relnamespace = pg_namespace.oid AND relname = 'migration'
WHERE '"' || nspname || '"' = $1`
}

/** What a release makes of books. */
export interface Layout {
  readonly migrations: readonly Migration[]
  readonly routines: RoutineSet
  readonly watching: Watching
}

const ours: Layout = { migrations, routines: { routines, edition: EDITION }, watching: watchingOf({}) }

/** Lists the applied and the pending migrations. Writes nothing. */
export async function migrationStates(
  database: Database,
  known: readonly Migration[] = migrations,
  set: RoutineSet = ours.routines
): Promise<readonly MigrationState[]> {
  const applied = await readApplied(database, database.schema)
  const states = statesOf(nameOf(database), applied, known)
  // Migrations bring their routines with them. Routines of a newer release are left to that release.
  if (applied.length !== known.length || (await olderRoutines(database, set)).length === 0) return states
  return [...states, ROUTINES_PENDING]
}

const ROUTINES_PENDING: MigrationState = { number: 0, name: 'routines', appliedAt: undefined }

/**
 * Applies pending migrations, and re-creates the routines whose text differs. If many processes do so at once, one does
 * it, and the others wait and find it done. A release never replaces the routines of a newer one.
 */
export async function migrate(
  database: Database,
  known: readonly Migration[] = migrations,
  more: Partial<Omit<Layout, 'migrations'>> = {}
): Promise<readonly MigrationState[]> {
  const layout: Layout = { ...ours, ...more, migrations: known }
  const before = await migrationStates(database, known, layout.routines)
  if (before.every(({ appliedAt }) => appliedAt !== undefined)) return before
  const pending = known.slice(before.filter(({ appliedAt }) => appliedAt !== undefined).length)
  if (pending.length > 0 && pending.length < known.length)
    await untilNoneIsOlder(olderNodes(database, neededBy(pending)), layout.watching)
  await whileHeld(() => database.transaction(tx => applyPending(tx, database, layout), 'once'))
  return migrationStates(database, known, layout.routines)
}

/** A newer release has made the routines that its books need. */
const isNewer = (applied: number, { migrations: known }: Layout): boolean => applied > known.length

/** Retries while others hold what is to be changed in an open transaction. A failed try has changed nothing. */
async function whileHeld(run: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await run()
    } catch (error) {
      if (!(isHeldByOthers(error) || isDeadlock(error)) || tries === MAX_TRIES) throw error
    }
    await sleep(PAUSE_MS)
  }
}

/** The lock is by name, since there may be no table yet to lock. It ends with the transaction. */
async function applyPending(tx: Transaction, database: Database, layout: Layout): Promise<void> {
  const { schema } = database
  const { migrations: known } = layout
  const run = (text: string): Promise<unknown> => tx.query({ text, limitMs: LIMIT_MS })
  await run(`SET LOCAL statement_timeout = ${LIMIT_MS}`)
  await run(lock(schema))
  await run(waitBriefly)
  await run(makeSchema(schema))
  await run(searchIn(schema))
  if (!(await hasTable(tx, schema))) await run(MAKE_TABLE)
  const applied = await readApplied(tx, schema)
  const pending = known.slice(applied.length)
  // One that replaces what an earlier one has made finds it there.
  const madeEarlier = new Set(relationsMadeBy(known.slice(0, applied.length)))
  const early = await existingRelations(
    tx,
    schema,
    relationsMadeBy(pending).filter(name => !madeEarlier.has(name))
  )
  if (early.length > 0)
    throw foreignError(schema, `it has ${early.join(', ')}, but no row in its table "migration" for them`)
  if (applied.length > 0 && pending.length > 0) await assertNoneIsOlder(database, tx, neededBy(pending))
  for (const migration of pending) {
    await run(migration.sql)
    await run(record(migration))
  }
  if (!isNewer(applied.length, layout)) await makeRoutines(tx, layout.routines)
}

/** From here on, no node can join until the migrations are committed. */
async function assertNoneIsOlder(database: Database, tx: Transaction, needed: number): Promise<void> {
  const older = await olderNodes(database, needed, tx).list()
  if (older.length > 0) throw olderNodesError(nameOf(database), older)
}

const nameOf = ({ schema }: Database): string => `The schema ${schema}`

async function readApplied(sql: Sql, schema: string): Promise<AppliedMigration[]> {
  if (!(await hasTable(sql, schema))) return []
  const rows = await sql.query<Row>(READ)
  return rows.map(([number, name, checksum, minCompatible, appliedAt]) => ({
    number,
    name,
    checksum,
    minCompatible,
    appliedAt
  }))
}

async function hasTable(sql: Sql, schema: string): Promise<boolean> {
  const [row] = await sql.query<[boolean, string[]]>(IS_THERE, [schema])
  if (row?.[0] !== true) return false
  if (COLUMNS.some(column => !row[1].includes(column)))
    throw foreignError(
      schema,
      `its table "migration" has the columns ${row[1].join(', ')}, which are not those of the books`
    )
  return true
}
