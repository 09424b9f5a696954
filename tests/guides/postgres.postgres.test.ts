import { join } from 'node:path'
import { Client } from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createEscapement, type Escapement, every, schedule, task } from '../../src/index.ts'
import { migrationSql } from '../../src/postgres.ts'
import { execute, freshDatabase, freshName } from '../stores/postgres/server.ts'
import { blocksOf, writePrograms } from './blocks.ts'

const blocks = blocksOf('postgres.md')
const programs = blocks.filter(({ language }) => language === 'ts')
const orders = 'CREATE TABLE orders (id integer PRIMARY KEY, billed boolean)'

const sqlOf = (name: string): string => {
  const block = blocks.find(each => each.language === 'sql' && (each.name === name || each.text.startsWith(name)))
  if (block === undefined) throw new Error(`The guide has no statements ${name}.`)
  return block.text
}

/** What `prisma generate` would have made of a schema without models. */
const generated = {
  name: 'generated/prisma/client.ts',
  text: `export { GeneratedClient as PrismaClient } from '${join(import.meta.dirname, '../stores/postgres/clients/prisma.ts')}'\n`
}

test('the programs of the guide enqueue within transactions, each in its library’s way', async () => {
  const url = await freshDatabase()
  await execute(orders, url)
  const folder = writePrograms([...programs, generated])
  for (const variable of ['DATABASE_URL', 'ESCAPEMENT_DATABASE_URL']) vi.stubEnv(variable, url)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { app } = (await import(join(folder, 'app.ts'))) as { app: Escapement }
  onTestFinished(() => app.stop())
  const others = programs.map(({ name }) => name).filter(name => name.startsWith('with-'))
  for (const name of others) await import(join(folder, name))
  const payloads = (await app.jobs.list({ task: 'ship' })).items.map(({ payload }) => payload)
  expect(payloads).toEqual([5, 4, 3, 2, 1].map(order => ({ order })))
  expect(await execute('SELECT id FROM orders ORDER BY id', url)).toEqual([1, 2, 3, 4, 5].map(id => ({ id })))
})

test('the handler of the guide bills and goes on to ship, in one commit', async () => {
  const url = await freshDatabase()
  await execute(`${orders}; INSERT INTO orders VALUES (7)`, url)
  const folder = writePrograms(programs)
  vi.stubEnv('ESCAPEMENT_DATABASE_URL', url)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { app: shipping } = (await import(join(folder, 'app.ts'))) as { app: Escapement }
  const { bill } = (await import(join(folder, 'effects.ts'))) as { bill: ReturnType<typeof task> }
  const billing = createEscapement({ database: url, tasks: [bill], logger: false })
  onTestFinished(async () => {
    await billing.stop()
    await shipping.stop()
  })
  const done = new Promise(resolve => void billing.on('job.completed', resolve))
  await billing.start()
  const { id } = await billing.enqueue(bill, { order: 7 })
  await done
  expect(await billing.jobs.get(id)).toMatchObject({ state: 'completed', result: { billed: 7 } })
  expect((await shipping.jobs.list({ task: 'ship' })).items).toMatchObject([{ payload: { order: 7 } }])
  expect(await execute('SELECT * FROM orders', url)).toEqual([{ id: 7, billed: true }])
})

test('the trigger of the guide enqueues once for an order, in the transaction that inserts it', async () => {
  const url = await freshDatabase()
  await execute(`${migrationSql()} ${orders}; ${sqlOf('CREATE FUNCTION ship_order')}`, url)
  await execute('BEGIN; INSERT INTO orders VALUES (1); ROLLBACK; INSERT INTO orders VALUES (2), (3)', url)
  const app = createEscapement({ database: url, logger: false })
  onTestFinished(() => app.stop())
  const jobs = (await app.jobs.list({ task: 'ship' })).items
  expect(jobs.map(({ payload, uniqueKey }) => [payload, uniqueKey])).toEqual([
    [{ order: 3 }, 'order 3'],
    [{ order: 2 }, 'order 2']
  ])
})

test('what the guide watches can be watched', async () => {
  const url = await freshDatabase()
  await execute(migrationSql(), url)
  const client = new Client(url)
  await client.connect()
  onTestFinished(() => client.end())
  const answers = (await client.query(sqlOf('-- How old'))) as unknown as { command: string }[]
  expect(answers.map(({ command }) => command)).toEqual(Array(5).fill('SELECT'))
})

/** A database with roles of its own, named as in the guide but for an ending. */
async function withRoles(...names: string[]) {
  const [url, ending] = [await freshDatabase(), freshName()]
  const roles = names.map(name => `${name}_${ending}`)
  for (const role of roles) await execute(`CREATE ROLE ${role} LOGIN`, url)
  const renamed = (sql: string): string =>
    names.reduce((text, name) => text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}_${ending}`), sql)
  const urlOf = (name: string): string => url.replace('postgres@', `${name}_${ending}@`)
  return { url, renamed, urlOf }
}

test('a role that owns its schema makes the books itself', async () => {
  const { url, renamed, urlOf } = await withRoles('app')
  await execute(renamed(sqlOf('owner')), url)
  await workThrough(urlOf('app'))
})

test('a role with the rights of the guide, and no others, is enough beside one that migrates', async () => {
  const { url, renamed, urlOf } = await withRoles('app', 'migrator')
  await execute(renamed(sqlOf('apart')), url)
  const tooEarly = createEscapement({ database: urlOf('app'), logger: false })
  await expect(tooEarly.schedules.list()).rejects.toMatchObject({ code: 'store-unavailable' })
  await execute(migrationSql(), urlOf('migrator'))
  await workThrough(urlOf('app'))
  const client = new Client(urlOf('app'))
  await client.connect()
  onTestFinished(() => client.end())
  await expect(client.query('DROP TABLE escapement.job')).rejects.toMatchObject({ code: '42501' })
})

/** A life of the books, with everything in it that writes. */
async function workThrough(database: string): Promise<void> {
  const load = task('load', {
    retry: [1],
    handler: async ({ step, progress, transaction, attempt }) => {
      await step('weigh', () => attempt)
      await progress({ attempt })
      if (attempt === 1) throw new Error('fog')
      return transaction(async tx => (await tx.query('SELECT 1 AS one')).rows)
    }
  })
  const schedules = [schedule('often', { task: load, trigger: every('1s'), runAtStart: true })]
  const app = createEscapement({ database, tasks: [load], schedules, logger: false })
  const client = new Client(database)
  await client.connect()
  onTestFinished(async () => {
    await app.stop({ graceMs: 0 })
    await client.end()
  })
  const fired = new Promise(resolve => {
    app.on('job.completed', facts => {
      if (facts.fireAt !== undefined) resolve(facts)
    })
  })
  const failures: Error[] = []
  app.on('loop.failed', ({ error }) => failures.push(error))
  await app.start()
  await fired
  const { id } = await app.enqueue(load, 'once', { client, delay: '1h', uniqueKey: 'once' })
  expect(await app.enqueueMany(load, Array(3_000).fill('many'), { queue: 'later', delay: '1h' })).toHaveLength(3_000)
  expect(await app.jobs.cancel(id)).toBe('cancelled')
  await app.jobs.retry(id)
  await app.queues.pause('later')
  await app.queues.resume('later')
  await app.schedules.pause('often')
  await app.schedules.resume('often')
  await app.schedules.remove('often')
  const store = await app.store()
  const now = (await store.now()) + 60_000
  await store.prune({ ledgerBefore: now, unsuccessfulBefore: now, nodesBefore: now, auditBefore: 0, limit: 1_000 })
  await app.stop()
  expect(failures).toEqual([])
}
