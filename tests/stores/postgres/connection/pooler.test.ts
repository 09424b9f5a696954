import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { openPostgresStore } from '../../../../src/postgres.ts'
import { migrate } from '../../../../src/stores/postgres/schema/migrate.ts'
import { channelOf } from '../../../../src/stores/postgres/schema/schema-name.ts'
import { jobId, newJob } from '../../../conformance/fixtures.ts'
import { type PgBouncer, startPgBouncer } from '../../../services/pgbouncer.ts'
import { freshDatabase, freshName, openDatabase, serverUrl } from '../server.ts'

let bouncer: PgBouncer

beforeAll(async () => {
  bouncer = await startPgBouncer(inject('postgresPort'))
})

afterAll(() => bouncer.stop())

describe('a pooler', () => {
  test('is found out by the process that it greets with, and names are then left out', async () => {
    const direct = openDatabase()
    await direct.query({ text: 'SELECT 1' })
    expect(direct.isPooled).toBe(false)
    const pooled = openDatabase({ url: bouncer.url(), poolSize: 20 })
    const statement = { name: 'often', text: 'SELECT $1::int + pg_backend_pid() * 0 FROM pg_sleep(0.001)' }
    const numbers = Array.from({ length: 60 }, (_, number) => number)
    const rows = await Promise.all(numbers.map(number => pooled.query(statement, [number])))
    expect(rows.flat(2)).toEqual(numbers)
    expect(pooled.isPooled).toBe(true)
  })

  test('that was not found out shows itself by a statement that is not there', async () => {
    const database = openDatabase()
    const statement = { name: 'once', text: 'SELECT $1::int' }
    await database.query(statement, [1])
    await database.query({ text: 'DEALLOCATE ALL' })
    expect(await database.query(statement, [2])).toEqual([[2]])
    expect(database.isPooled).toBe(true)
  })

  test('leaves the deadline to us', async () => {
    const database = openDatabase({ url: bouncer.url(), operationTimeoutMs: 1_000 })
    await expect(database.query({ text: 'SELECT pg_sleep(10)' })).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(await database.query({ text: 'SELECT 1' })).toEqual([[1]])
  })

  test('lets one of many migrate', async () => {
    const url = await freshDatabase()
    const databases = Array.from({ length: 20 }, () =>
      openDatabase({ url: bouncer.url(new URL(url).pathname.slice(1)), schema: 'books' })
    )
    const states = await Promise.all(databases.map(database => migrate(database)))
    for (const each of states) expect(each).toEqual(states[0])
  })

  test('carries wakes, but hears none: without an address past it nothing is listened to', async () => {
    const schema = freshName()
    const listening = new Client({ connectionString: serverUrl() })
    await listening.connect()
    await listening.query(`LISTEN ${channelOf(schema)}`)
    const woken = new Promise(resolve => void listening.on('notification', resolve))
    const store = await openPostgresStore({ connection: bouncer.url('postgres'), schema })
    let calls = 0
    const end = store.watch(() => (calls += 1))
    await store.enqueue([newJob()])
    await woken
    expect(calls).toBe(0)
    end()
    await store.close()
    await listening.end()
  })

  test('is no hindrance to being patient for as long as is meant, and no longer', async () => {
    const schema = freshName()
    const store = await openPostgresStore({ connection: bouncer.url('postgres'), schema })
    const app = new Client(serverUrl())
    await app.connect()
    await app.query(`BEGIN; SELECT ${schema}.enqueue('report', unique_key => 'berth 4')`)
    const jobs = [newJob({ uniqueKey: 'berth 4' }), newJob({ id: jobId(2) })]
    expect(await store.sparing!.enqueue(jobs)).toEqual(['held', { outcome: 'enqueued', id: jobId(2) }])
    const waiting = store.enqueue(jobs.slice(0, 1))
    await app.query('ROLLBACK')
    expect(await waiting).toEqual([{ outcome: 'enqueued', id: jobId(1) }])
    await app.end()
    await store.close()
  })
})
