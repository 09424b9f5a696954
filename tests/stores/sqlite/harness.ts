import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openSqliteStore } from '../../../src/sqlite.ts'
import type { Store } from '../../../src/store/store.ts'
import type { StoreHarness } from '../../conformance/harness.ts'
import { assertConsistent } from './places.ts'
import { removeFolder } from '../../remove-folder.ts'

/** Every test has a file of its own, in a folder that ends with the test; it is looked through before. */
export function sqliteHarness(): StoreHarness {
  const folders: string[] = []
  const opened = new Map<Store, string>()
  const openFile = async (file: string, clock: Parameters<StoreHarness['open']>[0]): Promise<Store> => {
    const store = await openSqliteStore({ file, clock })
    opened.set(store, file)
    return store
  }
  return {
    name: 'sqlite (file)',
    open: clock => {
      const folder = mkdtempSync(join(tmpdir(), 'escapement-sqlite-'))
      folders.push(folder)
      return openFile(join(folder, 'books.db'), clock)
    },
    openBeside: (store, clock) => openFile(opened.get(store)!, clock),
    assertNoLeaks: async () => {
      const files = new Set(opened.values())
      for (const store of opened.keys()) await store.close()
      opened.clear()
      // The last connection that is closed removes the write-ahead log.
      const leaked = [...files].filter(file => existsSync(`${file}-wal`))
      for (const file of files) assertConsistent(file)
      for (const folder of folders.splice(0)) removeFolder(folder)
      if (leaked.length > 0) throw new Error(`A connection was left open on ${leaked.join(', ')}.`)
    }
  }
}
