import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { settings } from './settings.ts'

const DELIVERIES = 2_000

/** What a job found at one of its fire times. */
export interface Figure {
  readonly job: string
  readonly fireAt: string
  readonly value: number
}

/** The centre's own database, with made-up deliveries of two warehouses. Any process may open it. */
export class Centre {
  readonly #database: DatabaseSync

  constructor(file = settings.file) {
    mkdirSync(dirname(file), { recursive: true })
    this.#database = new DatabaseSync(file, { timeout: 5_000 })
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS delivery (
        id INTEGER PRIMARY KEY, warehouse TEXT NOT NULL, carrier TEXT NOT NULL, hours REAL NOT NULL, promised REAL NOT NULL,
        cost REAL NOT NULL, is_returned INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS store (name TEXT PRIMARY KEY, stock INTEGER NOT NULL, is_open INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS figure (job TEXT, fire_at TEXT, value REAL NOT NULL, PRIMARY KEY (job, fire_at));
      INSERT OR IGNORE INTO store VALUES ('Centro', 120, 1), ('Paulista', 80, 1), ('Pinheiros', 0, 0), ('Moema', 45, 1);
    `)
    this.#fill()
  }

  /** One number, by a query over the tables. */
  ask(query: string): number {
    return Number(Object.values(this.#database.prepare(query).get() ?? { none: 0 })[0] ?? 0)
  }

  /** Keeps what a job found. A second attempt at the same fire time writes the same row. */
  keep({ job, fireAt, value }: Figure): void {
    this.#database.prepare('INSERT OR REPLACE INTO figure VALUES (?, ?, ?)').run(job, fireAt, value)
  }

  latest(job: string): Figure | undefined {
    const newest = 'SELECT job, fire_at AS fireAt, value FROM figure WHERE job = ? ORDER BY fire_at DESC LIMIT 1'
    return this.#database.prepare(newest).get(job) as Figure | undefined
  }

  /** Deletes all but the newest figures of each job. */
  tidy(kept: number): number {
    const old = `DELETE FROM figure WHERE (job, fire_at) IN (
      SELECT job, fire_at FROM (
        SELECT job, fire_at, row_number() OVER (PARTITION BY job ORDER BY fire_at DESC) AS number FROM figure)
      WHERE number > ?)`
    return Number(this.#database.prepare(old).run(kept).changes)
  }

  #fill(): void {
    const insert = this.#database.prepare('INSERT OR IGNORE INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#database.exec('BEGIN IMMEDIATE')
    for (let id = 1; id <= DELIVERIES; id++) {
      const hours = 4 + ((id * 7_919) % 68)
      const carrier = ['Correios', 'Loggi', 'Jadlog'][id % 3]!
      insert.run(id, id % 2 === 0 ? 'embu' : 'extrema', carrier, hours, 48, 5 + (hours % 20), Number(id % 25 === 0))
    }
    this.#database.exec('COMMIT')
  }
}
