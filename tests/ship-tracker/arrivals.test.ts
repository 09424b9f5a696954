import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { ArrivalsBook, saveVisit } from '../../examples/ship-tracker/arrivals.ts'
import { sampleCall, sampleVisit, temporaryFolder } from './samples.ts'

const HOUR_MS = 3_600_000
const first = sampleVisit()

/** A book, and the connection of someone else to the same file, as Escapement's is. */
function openBook(): { book: ArrivalsBook; connection: DatabaseSync } {
  const file = join(temporaryFolder(), 'var', 'ships.db')
  const book = new ArrivalsBook(file)
  const connection = new DatabaseSync(file)
  onTestFinished(() => {
    book.close()
    connection.close()
  })
  return { book, connection }
}

test('a new book is empty', () => {
  const { book } = openBook()
  expect(book.arrivals()).toEqual([])
  expect(book.visits(10)).toEqual([])
})

test('a saved visit is read as it was found, by time of arrival', () => {
  const { book, connection } = openBook()
  const early = sampleCall({
    call: 'HV-2',
    ship: 'Tern',
    etaAt: sampleCall().etaAt - HOUR_MS,
    progress: 'berthed',
    milesOff: 0
  })
  saveVisit(connection, { ...first, calls: [sampleCall(), early] })
  expect(book.arrivals()).toEqual([
    { ...early, isNew: true },
    { ...sampleCall(), isNew: true }
  ])
  const { calls: _, ...visit } = first
  expect(book.visits(10)).toEqual([{ ...visit, arrivals: 2 }])
})

test('the same visit saved again changes nothing', () => {
  const { book, connection } = openBook()
  saveVisit(connection, first)
  const before = { arrivals: book.arrivals(), visits: book.visits(10) }
  saveVisit(connection, first)
  expect({ arrivals: book.arrivals(), visits: book.visits(10) }).toEqual(before)
})

test('a later visit brings the news, tells what is new, and forgets who has left the page', () => {
  const { book, connection } = openBook()
  saveVisit(connection, { ...first, calls: [sampleCall(), sampleCall({ call: 'HV-2' })] })
  const delayed = sampleCall({ etaAt: sampleCall().etaAt + HOUR_MS, berth: 'South Basin 4' })
  const calls = [delayed, sampleCall({ call: 'HV-3', etaAt: delayed.etaAt + 1 })]
  saveVisit(connection, { ...first, key: 'visit-2', visitedAt: first.visitedAt + 6 * HOUR_MS, calls })
  expect(book.arrivals()).toEqual([
    { ...delayed, isNew: false },
    { ...calls[1], isNew: true }
  ])
})

test('a visit that is saved late puts no older news over newer', () => {
  const { book, connection } = openBook()
  const newer = { ...first, key: 'visit-2', visitedAt: first.visitedAt + HOUR_MS, calls: [sampleCall({ milesOff: 1 })] }
  saveVisit(connection, newer)
  saveVisit(connection, first)
  expect(book.arrivals().map(({ milesOff }) => milesOff)).toEqual([1])
  expect(book.visits(10).map(({ key }) => key)).toEqual(['visit-2', 'visit-1'])
})

test('a visit whose transaction is rolled back was never there', () => {
  const { book, connection } = openBook()
  connection.exec('BEGIN IMMEDIATE')
  saveVisit(connection, first)
  connection.exec('ROLLBACK')
  expect([book.arrivals(), book.visits(10)]).toEqual([[], []])
})

test('what is older than 30 days is dropped', () => {
  const { book, connection } = openBook()
  saveVisit(connection, first)
  saveVisit(connection, { ...first, key: 'visit-2', visitedAt: first.visitedAt + 31 * 24 * HOUR_MS, calls: [] })
  expect(book.visits(10).map(({ key }) => key)).toEqual(['visit-2'])
  expect(connection.prepare('SELECT count(*) AS rows FROM ship_arrivals').get()).toEqual({ rows: 0 })
})
