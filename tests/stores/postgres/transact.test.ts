import type { Client } from 'pg'
import { describe, expect, test } from 'vitest'

import type { AsyncTransaction } from '../../../src/core/job/handler.ts'
import type { Store } from '../../../src/store/store.ts'
import { completed, failed, jobId, read, runningJob } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'
import { freshStore, intruder, untilBlocked } from './fresh-store.ts'

interface Harbour {
  readonly store: Store
  readonly schema: string
  readonly past: Client
  /** Puts a row into a table of the app's. */
  readonly arrive: (tx: unknown, ship: string) => Promise<unknown>
  /** The rows as another connection sees them. */
  readonly ships: () => Promise<string[]>
}

async function harbour(): Promise<Harbour> {
  const { store, schema } = await freshStore()
  const past = await intruder(schema)
  await past.query('CREATE TABLE arrival (ship text PRIMARY KEY)')
  return {
    store,
    schema,
    past,
    arrive: (tx, ship) => (tx as AsyncTransaction).query(`INSERT INTO ${schema}.arrival VALUES ($1)`, [ship]),
    ships: async () =>
      (await past.query<{ ship: string }>('SELECT ship FROM arrival ORDER BY ship')).rows.map(row => row.ship)
  }
}

describe('a transaction in the database of the app', () => {
  test('writes with the completion, reads its own writes, and is seen by others only then', async () => {
    const { store, past, schema, arrive, ships } = await harbour()
    const attempt = await runningJob(store)
    const answer = await store.transact(attempt, async tx => {
      await arrive(tx, 'Aurora')
      const { rows, rowCount } = await (tx as AsyncTransaction).query<{ ship: string; n: string }>({
        text: `SELECT ship, 5::bigint AS n FROM ${schema}.arrival WHERE ship = $1`,
        values: ['Aurora']
      })
      expect([rows, rowCount]).toEqual([[{ ship: 'Aurora', n: '5' }], 1])
      expect(await ships()).toEqual([])
      expect((await past.query('SELECT FROM job')).rowCount).toBe(1)
      return '"moored"'
    })
    expect(answer).toBe('written')
    expect(await ships()).toEqual(['Aurora'])
    expect(await read(store, attempt.id)).toMatchObject({ state: 'completed', result: '"moored"', finishedAt: START })
  })

  test('settles first: the body finds its job ended', async () => {
    const { store, schema } = await harbour()
    await store.transact(await runningJob(store), async tx => {
      expect((await (tx as AsyncTransaction).query(`SELECT FROM ${schema}.job`)).rowCount).toBe(0)
      return undefined
    })
  })

  test('while its body runs, other jobs of its schedule end without waiting', async () => {
    const { store } = await harbour()
    const [first, second] = [
      await runningJob(store, { id: jobId(1), scheduleId: 'tide' }),
      await runningJob(store, { id: jobId(2), scheduleId: 'tide' })
    ]
    await store.settle([failed(await runningJob(store, { id: jobId(3), scheduleId: 'tide' }))])
    await store.transact(first, async () => {
      expect(await store.settle([failed(second)])).toEqual(['accepted'])
      expect(await store.readHealth(['tide'])).toMatchObject([{ failuresInRow: 2 }])
      return undefined
    })
    expect(await store.readHealth(['tide'])).toMatchObject([{ failuresInRow: 0, lastSuccessAt: START }])
  })

  test('a body that rejects leaves none of its rows behind, and the attempt as it was', async () => {
    const { store, arrive, ships } = await harbour()
    const attempt = await runningJob(store)
    const twice = async (tx: unknown): Promise<undefined> => {
      await arrive(tx, 'Aurora')
      await arrive(tx, 'Aurora')
    }
    await expect(store.transact(attempt, twice)).rejects.toMatchObject({ code: '23505' })
    expect(await ships()).toEqual([])
    expect((await read(store, attempt.id)).state).toBe('running')
    expect(await store.settle([failed(attempt)])).toEqual(['accepted'])
  })

  test('a body that hides the failure of its statement is told that nothing was written', async () => {
    const { store, arrive, ships } = await harbour()
    const attempt = await runningJob(store)
    const hiding = async (tx: unknown): Promise<string> => {
      await arrive(tx, 'Aurora')
      await arrive(tx, 'Aurora').catch(() => undefined)
      return '1'
    }
    await expect(store.transact(attempt, hiding)).rejects.toThrow('current transaction is aborted')
    expect(await ships()).toEqual([])
    expect(await store.settle([completed(attempt)])).toEqual(['accepted'])
  })

  test('what the body was lent cannot be used after it', async () => {
    const { store, arrive, ships } = await harbour()
    let kept: unknown
    await store.transact(await runningJob(store), async tx => {
      kept = tx
      return undefined
    })
    await expect(arrive(kept, 'Aurora')).rejects.toMatchObject({ code: 'transaction-repeated' })
    expect(await ships()).toEqual([])
  })

  test.each(['COMMIT', 'ROLLBACK', 'COMMIT; BEGIN', 'ROLLBACK; BEGIN'])(
    'a body that ends the transaction by itself (%s) is told, and the store goes on',
    async sql => {
      const { store } = await harbour()
      const attempt = await runningJob(store)
      const ending = async (tx: unknown): Promise<string> => {
        await (tx as AsyncTransaction).query(sql)
        return '1'
      }
      await expect(store.transact(attempt, ending)).rejects.toThrow('ended the transaction itself')
      expect(await store.transact(await runningJob(store, { id: jobId(2) }), () => '2')).toBe('written')
    }
  )

  test('of an attempt that is being rescued runs no body', async () => {
    const { store, schema, past } = await harbour()
    const attempt = await runningJob(store)
    await past.query(`BEGIN; UPDATE job SET place = lane * 2 + 1, rescues = 1`)
    let runs = 0
    const transacting = store.transact(attempt, () => String(++runs))
    await untilBlocked(past, schema)
    await past.query('COMMIT')
    expect(await transacting).toBe('stale')
    expect(runs).toBe(0)
  })
})
