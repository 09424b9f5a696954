import type { HandlerContext } from 'escapement'
import { type ClientBase, Pool } from 'pg'
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

// Many processes may be the first: the lock lets one of them make the tables, and ends with the statement.
const tables = `
SELECT pg_advisory_xact_lock(hashtextextended('ship tracker', 0));
CREATE TABLE IF NOT EXISTS ship_visits (
  key text PRIMARY KEY, fire_at float8, visited_at float8 NOT NULL, url text NOT NULL, arrivals integer NOT NULL,
  picture_taken boolean NOT NULL, picture_note text NOT NULL
);
CREATE INDEX IF NOT EXISTS ship_visits_by_time ON ship_visits (visited_at);
CREATE TABLE IF NOT EXISTS ship_arrivals (
  call text PRIMARY KEY, ship text NOT NULL, origin text NOT NULL, berth text NOT NULL, eta_at float8 NOT NULL,
  progress text NOT NULL, miles_off float8 NOT NULL, first_seen_at float8 NOT NULL, seen_at float8 NOT NULL
);
`

const upsertVisit = `
INSERT INTO ship_visits (key, fire_at, visited_at, url, arrivals, picture_taken, picture_note) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (key) DO UPDATE SET visited_at = excluded.visited_at, url = excluded.url, arrivals = excluded.arrivals,
  picture_taken = excluded.picture_taken, picture_note = excluded.picture_note`

// A visit that was retried late must not put older news over newer.
const upsertArrivals = `
INSERT INTO ship_arrivals (call, ship, origin, berth, eta_at, progress, miles_off, first_seen_at, seen_at)
SELECT call, ship, origin, berth, "etaAt", progress, "milesOff", $2, $2
FROM json_to_recordset($1) AS found (call text, ship text, origin text, berth text, "etaAt" float8, progress text, "milesOff" float8)
ON CONFLICT (call) DO UPDATE SET ship = excluded.ship, origin = excluded.origin, berth = excluded.berth,
  eta_at = excluded.eta_at, progress = excluded.progress, miles_off = excluded.miles_off, seen_at = excluded.seen_at
WHERE excluded.seen_at >= ship_arrivals.seen_at`

/** Saves a visit and its arrivals. Call it inside a transaction: the two belong together. */
export async function saveVisit(client: Pick<ClientBase, 'query'>, visit: Visit): Promise<void> {
  const { key, fireAt, visitedAt, url, calls, picture } = visit
  await client.query(upsertVisit, [key, fireAt, visitedAt, url, calls.length, picture.taken, picture.note])
  await client.query(upsertArrivals, [JSON.stringify(calls), visitedAt])
  await client.query('DELETE FROM ship_arrivals WHERE seen_at < $1', [visitedAt - KEPT_MS])
  await client.query('DELETE FROM ship_visits WHERE visited_at < $1', [visitedAt - KEPT_MS])
}

export class PostgresArrivals implements ArrivalsBook {
  readonly #pool: Pool

  private constructor(pool: Pool) {
    this.#pool = pool
  }

  static async open(url: string): Promise<PostgresArrivals> {
    const pool = new Pool({ connectionString: url, max: 2 })
    // The loss of an idle connection is no fault: the next query makes another.
    pool.on('error', () => undefined)
    await pool.query(tables)
    return new PostgresArrivals(pool)
  }

  save(transaction: HandlerContext['transaction'], visit: Visit): Promise<VisitResult> {
    return transaction(async client => {
      await saveVisit(client, visit)
      return resultOf(visit)
    })
  }

  async arrivals(): Promise<ArrivalLine[]> {
    const { rows } = await this.#pool.query<ShipCall & { isNew: boolean }>(
      `SELECT call, ship, origin, berth, eta_at AS "etaAt", progress, miles_off AS "milesOff", first_seen_at = seen_at AS "isNew"
       FROM ship_arrivals WHERE seen_at = (SELECT max(visited_at) FROM ship_visits) ORDER BY eta_at, call`
    )
    return rows
  }

  async visits(limit: number): Promise<VisitLine[]> {
    const { rows } = await this.#pool.query<Omit<VisitLine, 'picture'> & { taken: boolean; note: string }>(
      `SELECT key, fire_at AS "fireAt", visited_at AS "visitedAt", url, arrivals, picture_taken AS taken, picture_note AS note
       FROM ship_visits ORDER BY visited_at DESC, key LIMIT $1`,
      [limit]
    )
    return rows.map(({ taken, note, ...visit }) => ({ ...visit, picture: { taken, note } }))
  }

  close(): Promise<void> {
    return this.#pool.end()
  }
}
