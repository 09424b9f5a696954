import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pass } from 'node:timers/promises'
import { monotonicMs } from '../recorder.ts'
import type { Effect } from '../books.ts'
import type { Backend } from './backend.ts'
import type { Product } from './product.ts'

const TABLE =
  'CREATE TABLE IF NOT EXISTS chaos_effect (number INTEGER PRIMARY KEY, job TEXT NOT NULL, fence INTEGER NOT NULL)'

/** Books in a file of the folder, for the processes of one host. */
export async function sqliteBackend(folder: string, product: Product): Promise<Backend> {
  const file = join(folder, 'books.db')
  const url = `sqlite:${file}`
  const open: Backend['open'] = () => product.createEscapement({ database: url, logger: false }).store()
  await (await open()).close()
  const database = new DatabaseSync(file)
  await writing(database, TABLE)
  return {
    hosts: ['chaos-a'],
    kinds: ['lock', 'unlock', 'leap'],
    urlFor: () => url,
    // Interrupted between the two readings it finds too little.
    clockOffsetMs: async () => Math.max(...Array.from({ length: SAMPLES }, () => Date.now() - monotonicMs())),
    suffer: async ({ kind }) => {
      if (kind === 'unlock') return unlock(folder)
      await writing(database, 'BEGIN IMMEDIATE')
      return async () => database.exec('ROLLBACK')
    },
    open,
    readEffects: async () =>
      database.prepare('SELECT job, fence FROM chaos_effect ORDER BY number').all() as unknown as Effect[],
    close: async () => database.close()
  }
}

const SAMPLES = 100
const TRY_EVERY_MS = 50
const SQLITE_BUSY = 5

/** Waits without holding up the rig: who has the lock may be frozen, and only the rig can wake him. */
async function writing(database: DatabaseSync, statement: string): Promise<void> {
  for (;;) {
    try {
      return database.exec(statement)
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
      await pass(TRY_EVERY_MS)
    }
  }
}

/** The files that seats are locked by are taken away from under their holders. */
function unlock(folder: string): () => Promise<void> {
  for (const name of readdirSync(folder)) if (/\.lock(\.\w+)?$/.test(name)) rmSync(join(folder, name))
  return async () => undefined
}
