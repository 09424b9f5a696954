import { drizzle } from 'drizzle-orm/node-postgres'
import { sql as drizzleSql } from 'drizzle-orm'
import knex from 'knex'
import { Kysely, PostgresDialect } from 'kysely'
import { Client, Pool, types } from 'pg'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { createEscapement, every, schedule, type SqlClient, task } from '../../../src/index.ts'
import { fromDrizzle, fromKnex, fromKysely, fromPrisma, openPostgresStore } from '../../../src/postgres.ts'
import { startPgBouncer } from '../../services/pgbouncer.ts'
import { freshDatabase } from './server.ts'

const ship = task('ship', { handler: () => undefined })

function app(database: string) {
  const made = createEscapement({ database, tasks: [ship], logger: false })
  onTestFinished(() => made.stop({ graceMs: 0 }))
  return made
}

describe('a client that can be no transaction is refused, and nothing is written', () => {
  const clients: Readonly<Record<string, (pool: Pool, url: string) => SqlClient>> = {
    'a Pool of "pg"': pool => pool,
    'the database of Drizzle': pool => fromDrizzle(drizzle({ client: pool }), drizzleSql),
    'the database of Kysely': pool => fromKysely(new Kysely<object>({ dialect: new PostgresDialect({ pool }) })),
    'the instance of Knex': (_, url) => {
      const db = knex({ client: 'pg', connection: url })
      onTestFinished(() => db.destroy())
      return fromKnex(db)
    },
    'the client of Prisma': () => fromPrisma({ $queryRawUnsafe: async () => [], $connect: () => 1 } as never)
  }

  test.each(Object.entries(clients))('%s', async (words, clientOf) => {
    const url = await freshDatabase()
    const pool = new Pool({ connectionString: url })
    onTestFinished(() => pool.end())
    const made = app(url)
    const client = clientOf(pool, url)
    const refused = { code: 'client-invalid', message: expect.stringContaining(`is ${words}, on which`) }
    await expect(made.enqueue(ship, 1, { client })).rejects.toMatchObject(refused)
    await expect(made.enqueueMany(ship, [1], { client })).rejects.toMatchObject(refused)
    expect((await made.jobs.list()).items).toEqual([])
  })

  test('a connection of the app is taken, of Drizzle too', async () => {
    const url = await freshDatabase()
    const client = new Client(url)
    await client.connect()
    onTestFinished(() => client.end())
    const made = app(url)
    await expect(made.enqueue(ship, 1, { client })).resolves.toMatchObject({ outcome: 'enqueued' })
    const db = drizzle({ client })
    await expect(made.enqueue(ship, 1, { client: fromDrizzle(db, drizzleSql) })).resolves.toMatchObject({
      outcome: 'enqueued'
    })
  })
})

test("the app's parsers of pg, which hold for all of its process, change nothing in the books", async () => {
  const known = [16, 20, 21, 23, 114, 701, 1009, 2950, 2951, 3802].map(
    type => [type, types.getTypeParser(type)] as const
  )
  onTestFinished(() => {
    for (const [type, parser] of known) types.setTypeParser(type, parser as (text: string) => unknown)
  })
  for (const [type] of known) types.setTypeParser(type, text => ({ parsed: text }))
  const url = await freshDatabase()
  const client = new Client(url)
  await client.connect()
  onTestFinished(() => client.end())
  const done: unknown[] = []
  const carry = task('carry', { handler: ({ payload }) => void done.push(payload) })
  const made = createEscapement({
    database: url,
    tasks: [carry],
    schedules: [schedule('often', { task: carry, trigger: every('1d'), payload: 'at start', runAtStart: true })],
    logger: false
  })
  onTestFinished(() => made.stop({ graceMs: 0 }))
  const ended = new Promise<void>(resolve => made.on('job.completed', () => done.length === 3 && resolve()))
  const own = await made.enqueue(carry, 'own', { uniqueKey: 'a' })
  expect(await made.enqueue(carry, 'own', { uniqueKey: 'a' })).toEqual({ outcome: 'duplicate', id: own.id })
  expect(await made.enqueue(carry, 'theirs', { client, uniqueKey: 'a' })).toEqual({ outcome: 'duplicate', id: own.id })
  expect(await made.enqueue(carry, 'theirs', { client })).toMatchObject({ outcome: 'enqueued' })
  await made.start()
  await ended
  expect(new Set(done)).toEqual(new Set(['at start', 'own', 'theirs']))
  expect(await made.schedules.list()).toMatchObject([{ id: 'often', fires: 0, jobsCreated: 1 }])
})

test('a pooler that pools by statement is refused at the start, with the fix', async () => {
  const url = await freshDatabase()
  const direct = await openPostgresStore({ connection: url })
  await direct.close()
  const bouncer = await startPgBouncer(inject('postgresPort'), 'statement')
  onTestFinished(() => bouncer.stop())
  const made = app(bouncer.url(new URL(url).pathname.slice(1)))
  await expect(made.start()).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining('set its pool_mode to "transaction" or "session"')
  })
})

test.each([
  [
    'postgres://app@db/shop?sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
    'The file "/nowhere/ca.pem", which the address of the PostgreSQL database names as sslrootcert, could not be read (ENOENT).'
  ],
  ['postgres://app:12/s3cr3t@db/shop', 'ends it too early']
])('an address is refused before anything is connected: %s', async (connection, message) => {
  const opening = openPostgresStore({ connection })
  await expect(opening).rejects.toMatchObject({ code: 'config-invalid', message: expect.stringContaining(message) })
  await expect(opening).rejects.not.toThrow(/s3cr3t/)
})

test('options of the store and of its address are known ones', async () => {
  await expect(openPostgresStore({ url: 'postgres://db/x' } as never)).rejects.toThrow('unknown option "url"')
  const connection = { hots: 'db' } as never
  await expect(openPostgresStore({ connection })).rejects.toThrow('did you mean "host"?')
})
