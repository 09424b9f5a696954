import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../src/clock/system.ts'
import { openSqliteStore } from '../../src/stores/sqlite/store.ts'
import { monotonicMs } from '../recorder.ts'
import type { Backend } from './backend.ts'

const TABLES = `
CREATE TABLE IF NOT EXISTS chaos_effect (number INTEGER PRIMARY KEY, job TEXT NOT NULL, fence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS chaos_seat (number INTEGER PRIMARY KEY, seat TEXT NOT NULL, term INTEGER NOT NULL, pid INTEGER NOT NULL)`

/** Books in a file of the folder, for the processes of one host. */
export async function sqliteBackend(folder: string): Promise<Backend> {
  const file = join(folder, 'books.db')
  const open: Backend['open'] = () => openSqliteStore({ file, clock: systemClock })
  await (await open()).close()
  const database = new DatabaseSync(file, { timeout: 5_000 })
  database.exec(TABLES)
  const rows = <T>(sql: string): Promise<T[]> => Promise.resolve(database.prepare(sql).all() as T[])
  return {
    hosts: ['chaos-a'],
    kinds: ['lock'],
    urlFor: () => `sqlite:${file}`,
    clockOffsetMs: async () => Date.now() - monotonicMs(),
    suffer: async () => {
      database.exec('BEGIN IMMEDIATE')
      return async () => database.exec('ROLLBACK')
    },
    open,
    readEffects: () => rows('SELECT job, fence FROM chaos_effect ORDER BY number'),
    readSeatWrites: () => rows('SELECT seat, term, pid FROM chaos_seat ORDER BY number'),
    close: async () => database.close()
  }
}
