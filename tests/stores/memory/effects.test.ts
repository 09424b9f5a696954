import { afterEach, describe, expect, test } from 'vitest'

import type { Store } from '../../../src/store/store.ts'
import type { MemoryBooks } from '../../../src/stores/memory/books.ts'
import { createMemoryBooks } from '../../../src/stores/memory/books.ts'
import type { MemoryTransaction, TransactionEffects } from '../../../src/stores/memory/effects.ts'
import { openMemoryStore } from '../../../src/stores/memory/store.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { completed, jobId, runningJob } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'

describe('effects of a transaction', () => {
  const opened: Store[] = []
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })

  const setUp = (): { store: Store; books: MemoryBooks } => {
    const books = createMemoryBooks()
    const store = openMemoryStore({ books, clock: new ManualClock(START) })
    opened.push(store)
    return { store, books }
  }
  const effectsOf = (tx: unknown): TransactionEffects => (tx as MemoryTransaction).effects
  const rowsOf = (books: MemoryBooks): unknown => Object.fromEntries(books.effects.rows)
  const write = (effects: TransactionEffects): undefined => {
    effects.set('ships', (Number(effects.get('ships')) || 0) + 1)
    effects.set('berth', 'taken')
  }

  test('stay with the completion', async () => {
    const { store, books } = setUp()
    await store.transact(await runningJob(store), tx => write(effectsOf(tx)))
    await store.transact(await runningJob(store, { id: jobId(2) }), tx => {
      write(effectsOf(tx))
      effectsOf(tx).delete('berth')
      return undefined
    })
    expect(rowsOf(books)).toEqual({ ships: 2 })
  })

  test('go when the body throws, whatever they changed', async () => {
    const { store, books } = setUp()
    await store.transact(await runningJob(store), tx => write(effectsOf(tx)))
    const before = rowsOf(books)
    const attempt = await runningJob(store, { id: jobId(2) })
    const body = (tx: unknown): never => {
      write(effectsOf(tx))
      effectsOf(tx).set('new', 1)
      effectsOf(tx).delete('berth')
      effectsOf(tx).delete('never there')
      effectsOf(tx).set('berth', 'free')
      throw new Error('fog')
    }
    await expect(store.transact(attempt, body)).rejects.toThrow('fog')
    expect(rowsOf(books)).toEqual(before)
  })

  test('go with an async body, and what it writes later is refused', async () => {
    const { store, books } = setUp()
    const attempt = await runningJob(store)
    let late: Promise<unknown> = Promise.resolve()
    const body = (tx: unknown): Promise<undefined> => {
      const work = (async () => {
        write(effectsOf(tx))
        await Promise.resolve()
        return write(effectsOf(tx))
      })()
      late = work.catch((error: unknown) => error)
      return work
    }
    await expect(store.transact(attempt, body)).rejects.toMatchObject({ code: 'transaction-async' })
    expect(await late).toMatchObject({ code: 'transaction-repeated' })
    expect(rowsOf(books)).toEqual({})
  })

  test('go when the body settled its own attempt by another way', async () => {
    const { store, books } = setUp()
    const attempt = await runningJob(store)
    let settled: Promise<unknown> | undefined
    const body = (tx: unknown): undefined => {
      write(effectsOf(tx))
      settled = store.settle([completed(attempt)])
    }
    expect(await store.transact(attempt, body)).toBe('stale')
    expect(await settled).toEqual(['accepted'])
    expect(rowsOf(books)).toEqual({})
  })

  test('are not written after the end', async () => {
    const { store, books } = setUp()
    let kept: TransactionEffects | undefined
    await store.transact(await runningJob(store), tx => {
      kept = effectsOf(tx)
      return undefined
    })
    expect(() => kept?.set('late', 1)).toThrow('after its transaction had ended')
    expect(rowsOf(books)).toEqual({})
  })
})
