import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

import { systemClock } from '../../../src/clock/system.ts'
import { openSqliteStore } from '../../../src/sqlite.ts'
import type { SyncTransaction } from '../../../src/core/job/handler.ts'
import type { SqliteStore, SqliteStoreOptions } from '../../../src/sqlite.ts'
import { removeFolder } from '../../remove-folder.ts'

const folders: string[] = []
const opened: SqliteStore[] = []

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
  for (const folder of folders.splice(0)) removeFolder(folder)
})

/** A folder that ends with the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-sqlite-'))
  folders.push(folder)
  return folder
}

/** The path of a file that is not there yet. */
export const freshFile = (): string => join(freshFolder(), 'books.db')

/** Opens a store on the system's clock, which is closed with the test. */
export async function openFor(file: string, options: Partial<SqliteStoreOptions> = {}): Promise<SqliteStore> {
  const store = await openSqliteStore({ file, clock: systemClock, ...options })
  opened.push(store)
  return store
}

/** The body of a transaction that runs these statements. */
export const executing =
  (sql: string) =>
  (tx: unknown): undefined => {
    const transaction = tx as SyncTransaction
    transaction.exec(sql)
  }
