import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'

import type { Database, Sql } from '../../../../src/stores/postgres/sql.ts'
import { execute, freshDatabase, freshName, openDatabase, serverUrl } from '../server.ts'

const pidOf = async (sql: Sql): Promise<number> =>
  (await sql.query<[number]>({ text: 'SELECT pg_backend_pid()' }))[0]![0]
const raise = (code: string) => ({ text: `DO $$ BEGIN RAISE EXCEPTION 'fog' USING ERRCODE = '${code}'; END $$` })

describe('a query', () => {
  test('answers rows as arrays, and bigint as numbers', async () => {
    const rows = await openDatabase().query({ text: "SELECT 1::bigint, $1::text, now() > '2020-01-01'" }, ['a'])
    expect(rows).toEqual([[1, 'a', true]])
  })

  test('finds the tables of the books wherever they are', async () => {
    const schema = freshName()
    await execute(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.ship AS SELECT 'Aurora' AS name`)
    expect(await openDatabase({ schema }).query({ text: 'SELECT name FROM {books}.ship' })).toEqual([['Aurora']])
  })

  test('that has a name is prepared once', async () => {
    const database = openDatabase()
    const statement = { name: 'twice', text: 'SELECT $1::int' }
    await database.query(statement, [1])
    await database.query(statement, [2])
    expect(
      await database.query({ text: 'SELECT name, generic_plans + custom_plans FROM pg_prepared_statements' })
    ).toEqual([['twice', 2]])
  })

  test('that takes too long is ended by the server, and the connection is used on', async () => {
    const database = openDatabase({ operationTimeoutMs: 1_000 })
    const pid = await pidOf(database)
    await expect(database.query({ text: 'SELECT pg_sleep(60)' })).rejects.toMatchObject({
      code: 'store-busy',
      message: expect.stringContaining('statement timeout')
    })
    expect(await pidOf(database)).toBe(pid)
  })

  test('that is not answered has a deadline, and its connection no second use', async () => {
    const database = openDatabase({ operationTimeoutMs: 1_000 })
    const pid = await pidOf(database)
    process.kill(pid, 'SIGSTOP')
    try {
      await expect(database.query({ text: 'SELECT 1' })).rejects.toMatchObject({ code: 'store-unavailable' })
      expect(await pidOf(database)).not.toBe(pid)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })

  test('on a connection that the server has ended is told so, and the next one goes on', async () => {
    const database = openDatabase()
    const pid = await pidOf(database)
    const cut = expect(database.query({ text: 'SELECT pg_sleep(60)' })).rejects.toMatchObject({
      code: 'store-unavailable'
    })
    const other = openDatabase()
    await untilTrue(other, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ${pid} AND wait_event = 'PgSleep')`)
    await execute(`SELECT pg_terminate_backend(${pid})`)
    await cut
    expect(await pidOf(database)).not.toBe(pid)
  })

  test('is tried again after a serialization failure, but not for ever', async () => {
    const database = openDatabase()
    await expect(database.query(raise('40001'))).rejects.toMatchObject({ code: 'store-busy' })
    const counter = freshName()
    await execute(`CREATE SEQUENCE ${counter}`)
    const text = `DO $$ BEGIN IF nextval('${counter}') < 4 THEN RAISE EXCEPTION 'fog' USING ERRCODE = '40001'; END IF; END $$`
    await database.query({ text })
    expect(await database.query({ text: `SELECT last_value FROM ${counter}` })).toEqual([[4]])
  })

  test('that is wrong is told in the words of the server', async () => {
    await expect(openDatabase().query({ text: 'SELECT 1 / 0' })).rejects.toMatchObject({ code: '22012' })
  })
})

describe('a transaction', () => {
  test('is one, and a work that throws leaves nothing', async () => {
    const schema = freshName()
    await execute(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.ship (name text)`)
    const database = openDatabase({ schema })
    const insert = { text: "INSERT INTO {books}.ship VALUES ('Aurora')" }
    const fog = new Error('fog')
    const sinking = database.transaction(async tx => {
      await tx.query(insert)
      throw fog
    })
    await expect(sinking).rejects.toBe(fog)
    expect(await database.query({ text: 'SELECT * FROM {books}.ship' })).toEqual([])
    expect(await database.transaction(async tx => (await tx.query(insert)).length)).toBe(0)
    expect(await database.query({ text: 'SELECT * FROM {books}.ship' })).toEqual([['Aurora']])
  })

  test('that dies in a deadlock is tried again from its beginning', async () => {
    const schema = freshName()
    await execute(
      `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.berth AS SELECT n, 0 AS ships FROM generate_series(1, 2) n`
    )
    const databases = [openDatabase({ schema }), openDatabase({ schema })]
    const bothHoldOne = barrier(2)
    let begun = 0
    const crossing = async (database: Database, first: number): Promise<void> => {
      const moor = { text: 'UPDATE {books}.berth SET ships = ships + 1 WHERE n = $1' }
      await database.transaction(async tx => {
        begun += 1
        await tx.query(moor, [first])
        await bothHoldOne()
        await tx.query(moor, [3 - first])
      })
    }
    await Promise.all(databases.map((database, index) => crossing(database, index + 1)))
    expect(begun).toBeGreaterThan(2)
    expect(await databases[0]!.query({ text: 'SELECT ships FROM {books}.berth' })).toEqual([[2], [2]])
  })

  test('with work of the app’s is run once, and what that throws stays the app’s', async () => {
    const database = openDatabase()
    let runs = 0
    const body = database.transaction(async ({ client }) => {
      runs += 1
      await client.query(raise('40P01').text)
    }, 'once')
    await expect(body).rejects.toMatchObject({ code: '40P01' })
    expect(runs).toBe(1)
  })

  test('is not taken for committed when a statement had failed in it', async () => {
    const swallowing = openDatabase().transaction(tx => tx.query({ text: 'SELECT 1 / 0' }).catch(() => 'done'))
    await expect(swallowing).rejects.toThrow('a statement in it had failed')
  })

  test('nor when its body has ended it', async () => {
    const ending = openDatabase().transaction(async ({ client }) => void (await client.query('COMMIT')), 'once')
    await expect(ending).rejects.toThrow('its body had ended it')
  })

  test('leaves a connection to those who need no transaction', async () => {
    const database = openDatabase({ poolSize: 3 })
    let end = (): void => undefined
    const ended = new Promise<void>(resolve => (end = resolve))
    const begun: number[] = []
    const twoHoldOne = barrier(3)
    const holding = [1, 2, 3].map(number =>
      database.transaction(async () => {
        begun.push(number)
        void twoHoldOne()
        await ended
      })
    )
    await twoHoldOne()
    expect(await pidOf(database)).toBeGreaterThan(0)
    expect(begun).toHaveLength(2)
    end()
    await Promise.all(holding)
    expect(begun).toHaveLength(3)
  })

  test('whose process stands still is ended by the server', async () => {
    const database = openDatabase({ operationTimeoutMs: 1_000 })
    const standing = database.transaction(async tx => {
      await tx.query({ text: 'SELECT 1' })
      const [limit] = await tx.query<[string]>({ text: 'SHOW idle_in_transaction_session_timeout' })
      expect(limit).toEqual(['1s'])
      const pid = await pidOf(tx)
      await untilTrue(openDatabase(), `SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ${pid})`)
      await tx.query({ text: 'SELECT 1' })
    })
    await expect(standing).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(await pidOf(database)).toBeGreaterThan(0)
  })
})

describe('a database', () => {
  test('that is read-only is not usable, and says so; once it is writable it is used', async () => {
    const url = await freshDatabase()
    const name = new URL(url).pathname.slice(1)
    const database = openDatabase({ url })
    await execute(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    const refused = { code: 'store-unavailable', message: expect.stringContaining('read-only') }
    await expect(database.query({ text: 'SELECT 1' })).rejects.toMatchObject(refused)
    await execute(`ALTER DATABASE ${name} RESET default_transaction_read_only`)
    expect(await database.query({ text: 'SELECT 1' })).toEqual([[1]])
  })

  test('that has become read-only under us costs the connection', async () => {
    const database = openDatabase()
    const pid = await pidOf(database)
    const write = { text: 'SET LOCAL transaction_read_only = on; CREATE TABLE never (x int)' }
    await expect(database.query(write)).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(await pidOf(database)).not.toBe(pid)
  })

  test('that is not there, or not reachable, is named without the password', async () => {
    const missing = openDatabase({ url: serverUrl('nowhere').replace('postgres@', 'postgres:secret@') })
    const unreachable = openDatabase({ url: 'postgres://me:secret@127.0.0.1:1/app' })
    const errors = await Promise.all(
      [missing, unreachable].map(database =>
        database.query({ text: 'SELECT 1' }).catch((error: Error) => error.message)
      )
    )
    expect(errors[0]).toMatch(/database "nowhere" at 127\.0\.0\.1:\d+ could not be used: .*create it/)
    expect(errors[1]).toMatch(/database "app" at 127\.0\.0\.1:1 could not be used: connect ECONNREFUSED/)
    expect(errors.join()).not.toContain('secret')
  })

  test('that is closed answers nothing any more; a second close does nothing', async () => {
    const database = openDatabase()
    await pidOf(database)
    await database.close()
    await database.close()
    await expect(pidOf(database)).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('has been closed')
    })
  })

  test('is closed though the server no longer answers', async () => {
    const database = openDatabase()
    const pid = await pidOf(database)
    process.kill(pid, 'SIGSTOP')
    try {
      await database.close()
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })
})

function barrier(parties: number): () => Promise<void> {
  let open = (): void => undefined
  const all = new Promise<void>(resolve => (open = resolve))
  let missing = parties
  return () => {
    if (--missing <= 0) open()
    return all
  }
}

async function untilTrue(sql: Sql, text: string): Promise<void> {
  while (!(await sql.query<[boolean]>({ text }))[0]![0]) await sleep(10)
}
