import type { DatabaseSync } from 'node:sqlite'
import { openDriver } from '../../src/stores/sqlite/connection/driver.ts'
import { payloadJson } from '../payload.ts'
import { withScratchFile } from './scratch.ts'

/**
 * The ceilings: the least that SQLite can do for a queue, in a plain loop of one process. Integer ids in the order of
 * the claim, one column next to the payload, no handler, no fence, nothing to recover from a crash by.
 */
function openRaw(file: string): DatabaseSync {
  const database = openDriver(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000')
  database.exec('PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY')
  database.exec('CREATE TABLE job (id INTEGER PRIMARY KEY, state INTEGER NOT NULL, payload TEXT NOT NULL)')
  return database
}

export interface RawSize {
  readonly jobs: number
  /** Jobs per transaction. */
  readonly batch: number
}

/**
 * Jobs per second: claim by one `UPDATE … RETURNING`, settle by one `DELETE` of the returned ids, each its own
 * transaction.
 */
export const rawDrain = (size: RawSize): Promise<number> =>
  withRaw(database => {
    insertAll(database, size.jobs, 1_000)
    const claim = database.prepare(
      'UPDATE job SET state = 1 WHERE id IN (SELECT id FROM job WHERE state = 0 ORDER BY id LIMIT +?) RETURNING id, payload'
    )
    claim.setReturnArrays(true)
    const settle = database.prepare('DELETE FROM job WHERE id IN (SELECT value FROM json_each(?))')
    return jobsPerSecond(size.jobs, () => {
      for (;;) {
        // The driver's types know rows as objects only; `setReturnArrays` made them arrays.
        const claimed = claim.all(size.batch) as unknown as readonly (readonly [id: number, payload: string])[]
        if (claimed.length === 0) return
        settle.run(JSON.stringify(claimed.map(([id]) => id)))
      }
    })
  })

/** Inserts by a prepared statement, `batch` to a transaction. Jobs per second. */
export const rawInsert = ({ jobs, batch }: RawSize): Promise<number> =>
  withRaw(database => jobsPerSecond(jobs, () => insertAll(database, jobs, batch)))

const withRaw = (measure: (database: DatabaseSync) => number): Promise<number> =>
  withScratchFile(file => {
    const database = openRaw(file)
    try {
      return measure(database)
    } finally {
      database.close()
    }
  })

function insertAll(database: DatabaseSync, jobs: number, batch: number): void {
  const insert = database.prepare('INSERT INTO job (state, payload) VALUES (0, ?)')
  for (let done = 0; done < jobs; done += batch) {
    database.exec('BEGIN IMMEDIATE')
    for (let count = Math.min(batch, jobs - done); count > 0; count -= 1) insert.get(payloadJson)
    database.exec('COMMIT')
  }
}

function jobsPerSecond(jobs: number, work: () => void): number {
  const begun = performance.now()
  work()
  return (jobs / (performance.now() - begun)) * 1_000
}
