import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onTestFinished } from 'vitest'
import { saveVisit, SqliteArrivals } from '../../examples/ship-tracker/arrivals-sqlite.ts'
import { type OpenedBook, testArrivals } from './arrivals-suite.ts'
import { temporaryFolder } from './samples.ts'

testArrivals(async (): Promise<OpenedBook> => {
  const file = join(temporaryFolder(), 'var', 'ships.db')
  const book = new SqliteArrivals(file)
  const connection = new DatabaseSync(file)
  onTestFinished(async () => {
    await book.close()
    connection.close()
  })
  return {
    book,
    save: async visit => saveVisit(connection, visit),
    saveInVain: async visit => {
      connection.exec('BEGIN IMMEDIATE')
      saveVisit(connection, visit)
      connection.exec('ROLLBACK')
    }
  }
})
