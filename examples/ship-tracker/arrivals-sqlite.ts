import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { HandlerContext } from 'escapement'
import {
  type ArrivalLine,
  type ArrivalsBook,
  KEPT_MS,
  resultOf,
  type Visit,
  type VisitLine,
  type VisitResult
} from './arrivals.ts'
import type { ShipCall } from './timetable.ts'

type SqlValue = string | number | bigint | null

/** What saving needs of a connection: the transaction that Escapement hands to a handler has it, and so has node:sqlite. */
export interface Sql {
  prepare(sql: string): { run(...values: SqlValue[]): unknown }
}

const BUSY_TIMEOUT_MS = 5_000

const tables = `
CREATE TABLE IF NOT EXISTS ship_visits (
  key TEXT PRIMARY KEY, fire_at INTEGER, visited_at INTEGER NOT NULL, url TEXT NOT NULL, arrivals INTEGER NOT NULL,
  picture_taken INTEGER NOT NULL, picture_note TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS ship_visits_by_time ON ship_visits (visited_at);
CREATE TABLE IF NOT EXISTS ship_arrivals (
  call TEXT PRIMARY KEY, ship TEXT NOT NULL, origin TEXT NOT NULL, berth TEXT NOT NULL, eta_at INTEGER NOT NULL,
  progress TEXT NOT NULL, miles_off REAL NOT NULL, first_seen_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
) STRICT;
`

/** Saves a visit and its arrivals. Call it inside a transaction: the two belong together. */
export function saveVisit(sql: Sql, visit: Visit): void {
  sql
    .prepare(
      `INSERT INTO ship_visits (key, fire_at, visited_at, url, arrivals, picture_taken, picture_note)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET visited_at = excluded.visited_at, url = excluded.url, arrivals = excluded.arrivals,
         picture_taken = excluded.picture_taken, picture_note = excluded.picture_note`
    )
    .run(
      visit.key,
      visit.fireAt,
      visit.visitedAt,
      visit.url,
      visit.calls.length,
      visit.picture.taken ? 1 : 0,
      visit.picture.note
    )
  // A visit that was retried late must not put older news over newer.
  const upsert = sql.prepare(
    `INSERT INTO ship_arrivals (call, ship, origin, berth, eta_at, progress, miles_off, first_seen_at, seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (call) DO UPDATE SET ship = excluded.ship, origin = excluded.origin, berth = excluded.berth,
       eta_at = excluded.eta_at, progress = excluded.progress, miles_off = excluded.miles_off, seen_at = excluded.seen_at
     WHERE excluded.seen_at >= ship_arrivals.seen_at`
  )
  const { visitedAt } = visit
  for (const { call, ship, origin, berth, etaAt, progress, milesOff } of visit.calls)
    upsert.run(call, ship, origin, berth, etaAt, progress, milesOff, visitedAt, visitedAt)
  sql.prepare('DELETE FROM ship_arrivals WHERE seen_at < ?').run(visitedAt - KEPT_MS)
  sql.prepare('DELETE FROM ship_visits WHERE visited_at < ?').run(visitedAt - KEPT_MS)
}

export class SqliteArrivals implements ArrivalsBook {
  readonly #database: DatabaseSync

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true })
    this.#database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
    this.#database.exec(tables)
  }

  save(transaction: HandlerContext['transaction'], visit: Visit): Promise<VisitResult> {
    return transaction(tx => {
      saveVisit(tx, visit)
      return resultOf(visit)
    })
  }

  async arrivals(): Promise<ArrivalLine[]> {
    const rows = this.#database
      .prepare(
        `SELECT call, ship, origin, berth, eta_at AS etaAt, progress, miles_off AS milesOff, first_seen_at = seen_at AS isNew
         FROM ship_arrivals WHERE seen_at = (SELECT max(visited_at) FROM ship_visits) ORDER BY eta_at, call`
      )
      .all() as unknown as (ShipCall & { isNew: number })[]
    return rows.map(row => ({ ...row, isNew: row.isNew === 1 }))
  }

  async visits(limit: number): Promise<VisitLine[]> {
    const rows = this.#database
      .prepare(
        `SELECT key, fire_at AS fireAt, visited_at AS visitedAt, url, arrivals, picture_taken AS taken, picture_note AS note
         FROM ship_visits ORDER BY visited_at DESC, key LIMIT ?`
      )
      .all(limit) as unknown as (Omit<VisitLine, 'picture'> & { taken: number; note: string })[]
    return rows.map(({ taken, note, ...visit }) => ({ ...visit, picture: { taken: taken === 1, note } }))
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }
}
