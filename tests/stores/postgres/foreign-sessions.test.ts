import { describe, expect, test } from 'vitest'

import { jobId, newJob, read } from '../../conformance/fixtures.ts'
import { freshStore, intruder } from './fresh-store.ts'
import { execute, freshDatabase, freshName, openDatabase, serverUrl } from './server.ts'

describe('an app whose session has temporary tables that have the names of ours', () => {
  const TABLES = ['job', 'finished', 'lane']

  test('enqueues into the books', async () => {
    const { store, schema, clock } = await freshStore()
    clock.set(Date.now() + 60_000)
    const client = await intruder(schema)
    await client.query('SET search_path = public')
    for (const table of TABLES)
      await client.query(`CREATE TEMPORARY TABLE ${table} (LIKE ${schema}.${table} INCLUDING ALL)`)
    const { rows } = await client.query<{ id: string }>(`SELECT ${schema}.enqueue('mail') AS id`)
    expect(await read(store, rows[0]!.id)).toMatchObject({ task: 'mail' })
    await store.enqueueWithin!(client, [newJob()])
    expect(await read(store, jobId(1))).toMatchObject({ task: 'report' })
  })
})

describe('what an administrator or a later release changes', () => {
  test('a default isolation of the database is not ours', async () => {
    const url = await freshDatabase()
    await execute(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_isolation = 'serializable'`)
    expect(await openDatabase({ url }).query({ text: 'SHOW transaction_isolation' })).toEqual([['read committed']])
  })

  test('a database that cannot keep every character is none for books', async () => {
    const name = freshName()
    await execute(`CREATE DATABASE ${name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`)
    await expect(openDatabase({ url: serverUrl(name) }).query({ text: 'SELECT 1' })).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('LATIN1')
    })
  })

  test('a statement that was prepared for rows of another shape is prepared anew', async () => {
    const schema = freshName()
    await execute(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.ship AS SELECT 'Aurora' AS name`)
    const database = openDatabase({ schema })
    const statement = { name: 'ships', text: 'SELECT * FROM {books}.ship' }
    expect(await database.query(statement)).toEqual([['Aurora']])
    await execute(`ALTER TABLE ${schema}.ship ADD COLUMN berth int`)
    expect(await database.query(statement)).toEqual([['Aurora', null]])
    await execute(`ALTER TABLE ${schema}.ship DROP COLUMN berth`)
    expect(await database.transaction(tx => tx.query(statement))).toEqual([['Aurora']])
  })
})
