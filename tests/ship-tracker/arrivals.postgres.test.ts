import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { PostgresArrivals, saveVisit } from '../../examples/ship-tracker/arrivals-postgres.ts'
import { freshDatabase } from '../stores/postgres/server.ts'
import { type OpenedBook, testArrivals } from './arrivals-suite.ts'

testArrivals(async (): Promise<OpenedBook> => {
  const url = await freshDatabase()
  const book = await PostgresArrivals.open(url)
  const connection = new Client(url)
  await connection.connect()
  onTestFinished(async () => {
    await book.close()
    await connection.end()
  })
  return {
    book,
    save: visit => saveVisit(connection, visit),
    saveInVain: async visit => {
      await connection.query('BEGIN')
      await saveVisit(connection, visit)
      await connection.query('ROLLBACK')
    }
  }
})

test('of many processes that come at once, one makes the tables', async () => {
  const url = await freshDatabase()
  const books = await Promise.all(Array.from({ length: 4 }, () => PostgresArrivals.open(url)))
  onTestFinished(async () => void (await Promise.all(books.map(book => book.close()))))
  expect(await books[3]?.visits(1)).toEqual([])
})
