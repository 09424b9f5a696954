import { expect, test } from 'vitest'
import type { ArrivalsBook, Visit } from '../../examples/ship-tracker/arrivals.ts'
import { sampleCall, sampleVisit } from './samples.ts'

const HOUR_MS = 3_600_000
const first = sampleVisit()

/** A book, and the connection of someone else to the same database, as Escapement's is. */
export interface OpenedBook {
  readonly book: ArrivalsBook
  readonly save: (visit: Visit) => Promise<void>
  /** Saves within a transaction that is rolled back. */
  readonly saveInVain: (visit: Visit) => Promise<void>
}

export function testArrivals(openBook: () => Promise<OpenedBook>): void {
  testReading(openBook)
  testLaterVisits(openBook)
}

function testReading(openBook: () => Promise<OpenedBook>): void {
  test('a new book is empty', async () => {
    const { book } = await openBook()
    expect(await book.arrivals()).toEqual([])
    expect(await book.visits(10)).toEqual([])
  })

  test('a saved visit is read as it was found, by time of arrival', async () => {
    const { book, save } = await openBook()
    const early = sampleCall({
      call: 'HV-2',
      ship: 'Tern',
      etaAt: sampleCall().etaAt - HOUR_MS,
      progress: 'berthed',
      milesOff: 0
    })
    await save({ ...first, calls: [sampleCall(), early] })
    expect(await book.arrivals()).toEqual([
      { ...early, isNew: true },
      { ...sampleCall(), isNew: true }
    ])
    const { calls: _, ...visit } = first
    expect(await book.visits(10)).toEqual([{ ...visit, arrivals: 2 }])
  })

  test('the same visit saved again changes nothing', async () => {
    const { book, save } = await openBook()
    await save(first)
    const before = { arrivals: await book.arrivals(), visits: await book.visits(10) }
    await save(first)
    expect({ arrivals: await book.arrivals(), visits: await book.visits(10) }).toEqual(before)
  })

  test('a visit whose transaction is rolled back was never there', async () => {
    const { book, saveInVain } = await openBook()
    await saveInVain(first)
    expect([await book.arrivals(), await book.visits(10)]).toEqual([[], []])
  })
}

function testLaterVisits(openBook: () => Promise<OpenedBook>): void {
  test('a later visit brings the news, tells what is new, and forgets who has left the page', async () => {
    const { book, save } = await openBook()
    await save({ ...first, calls: [sampleCall(), sampleCall({ call: 'HV-2' })] })
    const delayed = sampleCall({ etaAt: sampleCall().etaAt + HOUR_MS, berth: 'South Basin 4' })
    const calls = [delayed, sampleCall({ call: 'HV-3', etaAt: delayed.etaAt + 1 })]
    await save({ ...first, key: 'visit-2', visitedAt: first.visitedAt + 6 * HOUR_MS, calls })
    expect(await book.arrivals()).toEqual([
      { ...delayed, isNew: false },
      { ...calls[1], isNew: true }
    ])
  })

  test('a visit that is saved late puts no older news over newer', async () => {
    const { book, save } = await openBook()
    const calls = [sampleCall({ milesOff: 1 })]
    await save({ ...first, key: 'visit-2', visitedAt: first.visitedAt + HOUR_MS, calls })
    await save(first)
    expect((await book.arrivals()).map(({ milesOff }) => milesOff)).toEqual([1])
    expect((await book.visits(10)).map(({ key }) => key)).toEqual(['visit-2', 'visit-1'])
  })

  test('what is older than 30 days is dropped', async () => {
    const { book, save } = await openBook()
    await save(first)
    const later = { ...first, key: 'visit-2', visitedAt: first.visitedAt + 31 * 24 * HOUR_MS }
    await save({ ...later, calls: [] })
    expect((await book.visits(10)).map(({ key }) => key)).toEqual(['visit-2'])
    // Had it been kept, the same ship would not be new.
    await save({ ...later, calls: first.calls })
    expect(await book.arrivals()).toMatchObject([{ isNew: true }])
  })
}
