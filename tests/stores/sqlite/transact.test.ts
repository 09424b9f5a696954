import { describe, expect, test } from 'vitest'

import type { SyncTransaction } from '../../../src/core/job/handler.ts'
import type { SqliteStore } from '../../../src/sqlite.ts'
import { openDriver } from '../../../src/stores/sqlite/connection/driver.ts'
import { completed, read, runningJob } from '../../conformance/fixtures.ts'
import { executing, freshFile, openFor } from './folder.ts'

interface Harbour {
  readonly store: SqliteStore
  readonly ships: () => unknown[]
}

/** A store whose file holds a table of the app's, as another connection sees it. */
async function harbour(): Promise<Harbour> {
  const file = freshFile()
  const store = await openFor(file)
  execIn(file, 'CREATE TABLE arrival (ship TEXT PRIMARY KEY, berth INTEGER)')
  const ships = (): unknown[] => {
    const database = openDriver(file)
    const rows = database.prepare('SELECT ship FROM arrival ORDER BY ship').all()
    database.close()
    return rows.map(row => row['ship'])
  }
  return { store, ships }
}

function execIn(file: string, sql: string): void {
  const database = openDriver(file)
  database.exec(sql)
  database.close()
}

const arrive = (tx: unknown, ship: string): void =>
  void (tx as SyncTransaction).prepare('INSERT INTO arrival (ship, berth) VALUES (?, ?)').run(ship, null)

describe('a transaction in the database of the app', () => {
  test('writes with the completion, and reads its own writes', async () => {
    const { store, ships } = await harbour()
    const attempt = await runningJob(store)
    const answer = await store.transact(attempt, tx => {
      const app = tx as SyncTransaction
      app.exec("INSERT INTO arrival VALUES ('Aurora', 4); INSERT INTO arrival VALUES ('Borea', 5)")
      expect(app.prepare('SELECT ship, berth FROM arrival WHERE berth = ?').get(4)).toEqual({
        ship: 'Aurora',
        berth: 4
      })
      expect(app.prepare('SELECT ship FROM arrival WHERE berth = ?').get(9)).toBeUndefined()
      expect(app.prepare('UPDATE arrival SET berth = berth + 1').run()).toMatchObject({ changes: 2 })
      return JSON.stringify(app.prepare('SELECT berth FROM arrival ORDER BY ship').all())
    })
    expect(answer).toBe('written')
    expect(ships()).toEqual(['Aurora', 'Borea'])
    expect((await read(store, attempt.id)).result).toBe('[{"berth":5},{"berth":6}]')
  })

  test('binds booleans, nothing, bytes and large numbers alike on every Node', async () => {
    const { store } = await harbour()
    const attempt = await runningJob(store)
    await store.transact(attempt, tx => {
      const app = tx as SyncTransaction
      const values = [true, false, undefined, null, 2n ** 40n, new Uint8Array([7])]
      const row = app.prepare('SELECT ? AS yes, ? AS no, ? AS none, ? AS empty, ? AS large, ? AS bytes').get(...values)
      expect(row).toEqual({ yes: 1, no: 0, none: null, empty: null, large: 2 ** 40, bytes: new Uint8Array([7]) })
      expect(() => app.prepare('SELECT ?').get(Symbol('ship'))).toThrow('cannot be bound')
      const { lastInsertRowid } = app.prepare("INSERT INTO arrival (ship) VALUES ('Aurora')").run()
      expect(lastInsertRowid).toBe(1)
      return undefined
    })
  })

  test('is not seen by others before it is committed, and the settle comes first', async () => {
    const { store, ships } = await harbour()
    const attempt = await runningJob(store)
    await store.transact(attempt, tx => {
      arrive(tx, 'Aurora')
      expect(ships()).toEqual([])
      const live = (tx as SyncTransaction).prepare('SELECT count(*) AS rows FROM escapement_running').get()
      expect(live).toEqual({ rows: 0 })
      return undefined
    })
    expect(ships()).toEqual(['Aurora'])
  })

  test('a body that throws leaves none of its rows behind, and the attempt as it was', async () => {
    const { store, ships } = await harbour()
    const attempt = await runningJob(store)
    const twice = (tx: unknown): undefined => {
      arrive(tx, 'Aurora')
      arrive(tx, 'Aurora')
    }
    await expect(store.transact(attempt, twice)).rejects.toThrow('UNIQUE constraint failed: arrival.ship')
    expect(ships()).toEqual([])
    expect((await read(store, attempt.id)).state).toBe('running')
    expect(await store.settle([completed(attempt)])).toEqual(['accepted'])
  })

  test('an async body is refused, and what it wrote before its first await is taken back', async () => {
    const { store, ships } = await harbour()
    const attempt = await runningJob(store)
    const body = async (tx: unknown): Promise<string> => {
      arrive(tx, 'Aurora')
      await Promise.resolve()
      arrive(tx, 'Borea')
      return '1'
    }
    await expect(store.transact(attempt, body)).rejects.toMatchObject({ code: 'transaction-async' })
    expect(ships()).toEqual([])
    expect((await read(store, attempt.id)).state).toBe('running')
  })

  test('what the body was lent cannot be used after it', async () => {
    const { store, ships } = await harbour()
    const attempt = await runningJob(store)
    let kept: SyncTransaction | undefined
    let statement: ReturnType<SyncTransaction['prepare']> | undefined
    await store.transact(attempt, tx => {
      kept = tx as SyncTransaction
      statement = kept.prepare("INSERT INTO arrival (ship) VALUES ('Aurora')")
      return undefined
    })
    for (const use of [
      () => statement!.run(),
      () => kept!.exec('DELETE FROM escapement_job'),
      () => kept!.prepare('SELECT 1')
    ])
      expect(use).toThrow(expect.objectContaining({ code: 'transaction-repeated' }))
    expect(ships()).toEqual([])
  })

  test.each(['COMMIT', 'ROLLBACK', 'COMMIT; BEGIN', 'ROLLBACK; BEGIN IMMEDIATE'])(
    'a body that ends the transaction by itself (%s) is told, and the store goes on',
    async sql => {
      const { store } = await harbour()
      const attempt = await runningJob(store)
      await expect(store.transact(attempt, executing(sql))).rejects.toThrow('ended the transaction itself')
      expect(await store.transact(await runningJob(store, { id: 'another' }), () => '2')).toBe('written')
    }
  )

  test('its statements may not begin a transaction', async () => {
    const { store } = await harbour()
    const attempt = await runningJob(store)
    await expect(store.transact(attempt, executing('BEGIN'))).rejects.toThrow('within a transaction')
    expect((await read(store, attempt.id)).state).toBe('running')
  })
})
