import { Client } from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createEscapement, type Escapement, type EventMap, type EventName, task, type Task } from '../../src/index.ts'
import { execute, freshDatabase } from '../stores/postgres/server.ts'

/** An app and its own connection to the one database, with a table of the app's. */
async function setUp(tasks: readonly Task[]): Promise<{ app: Escapement; client: Client; url: string }> {
  const url = await freshDatabase()
  await execute('CREATE TABLE orders (number integer)', url)
  const client = new Client(url)
  await client.connect()
  const app = createEscapement({ database: url, tasks, logger: false })
  onTestFinished(async () => {
    await app.stop({ graceMs: 0 })
    await client.end()
  })
  return { app, client, url }
}

/** The facts of so many events of a name, as soon as they have come. */
function eventOf<Name extends EventName>(app: Escapement, name: Name, count = 1): Promise<EventMap[Name][]> {
  const heard: EventMap[Name][] = []
  return new Promise(resolve => {
    app.on(name, facts => {
      if (heard.push(facts) === count) resolve(heard)
    })
  })
}

const orders = async (client: Client): Promise<number[]> =>
  (await client.query<{ number: number }>('SELECT number FROM orders ORDER BY number')).rows.map(row => row.number)

test('what is enqueued in a transaction runs after its commit, and never after its end without one', async () => {
  const ship = task('ship', { handler: ({ payload }) => payload })
  const { app, client } = await setUp([ship])
  const began: unknown[] = []
  app.on('job.started', ({ jobId }) => began.push(jobId))
  await app.start()

  await client.query('BEGIN')
  await client.query('INSERT INTO orders VALUES (1)')
  const vain = await app.enqueue(ship, 'vain', { client })
  await client.query('ROLLBACK')

  await client.query('BEGIN')
  await client.query('INSERT INTO orders VALUES (2)')
  const answers = await Promise.all([2, 3].map(number => app.enqueue(ship, number, { client })))
  expect(await app.jobs.get(answers[0]!.id)).toBeUndefined()
  expect(began).toEqual([])
  const done = eventOf(app, 'job.completed', 2)
  await client.query('COMMIT')
  expect((await done).map(({ jobId }) => jobId).toSorted()).toEqual(answers.map(({ id }) => id).toSorted())
  expect(await app.jobs.get(vain.id)).toBeUndefined()
  expect(await orders(client)).toEqual([2])
})

test('many jobs are as much a part of it as one', async () => {
  const ship = task('ship', { handler: () => undefined })
  const { app, client } = await setUp([ship])
  const numbers = Array.from({ length: 2_500 }, (_, index) => index)
  const waiting = async (): Promise<unknown> => (await app.queues.list())[0]?.counts.available
  await client.query('BEGIN')
  await app.enqueueMany(ship, numbers, { client })
  await client.query('ROLLBACK')
  expect(await waiting()).toBeUndefined()
  await client.query('BEGIN')
  expect(await app.enqueueMany(ship, numbers, { client })).toHaveLength(2_500)
  await client.query('COMMIT')
  expect(await waiting()).toBe(2_500)
})

test('what is no client is told so, and what it takes', async () => {
  const ship = task('ship', { handler: () => undefined })
  const { app, url } = await setUp([ship])
  for (const client of [url, null, {}, { query: 'SELECT' }] as never[])
    await expect(app.enqueue(ship, 1, { client })).rejects.toMatchObject({
      code: 'client-invalid',
      message: expect.stringContaining('it takes a client of "pg"') as string
    })
  expect(await app.queues.list()).toEqual([])
})

test('a handler’s transaction commits its rows, the jobs that follow and its completion as one', async () => {
  const bill: Task = task('bill', { handler: () => undefined })
  const ship: Task = task('ship', {
    retry: [1],
    handler: ({ transaction, attempt }) =>
      transaction(async tx => {
        await tx.query('INSERT INTO orders VALUES ($1)', [attempt])
        await app.enqueue(bill, attempt, { client: tx })
        if (attempt === 1) throw new Error('storm')
        return { shipped: attempt }
      })
  })
  const { app, client } = await setUp([ship, bill])
  const { id } = await app.enqueue(ship, null)
  const done = eventOf(app, 'job.completed', 2)
  await app.start()
  const [first, second] = await done
  expect([first?.jobId, second?.task]).toEqual([id, 'bill'])
  expect(await app.jobs.get(id)).toMatchObject({ state: 'completed', failures: 1, result: { shipped: 2 } })
  expect(await orders(client)).toEqual([2])
  expect((await app.jobs.list({ task: 'bill' })).items).toMatchObject([{ payload: 2 }])
})

test('an attempt that is no longer the current one does not get into its transaction', async () => {
  const [entered, gate] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()]
  const refused = Promise.withResolvers<unknown>()
  const bodies: number[] = []
  const ship = task('ship', {
    handler: async ({ transaction, fence }) => {
      entered.resolve(fence)
      await gate.promise
      const body = transaction(async tx => {
        bodies.push(fence)
        await tx.query('INSERT INTO orders VALUES ($1)', [fence])
      })
      await body.catch(refused.resolve)
    }
  })
  const { app, client } = await setUp([ship])
  const { id } = await app.enqueue(ship, null)
  await app.start()
  const stale = await entered.promise
  await takeAway(app, id, stale)
  gate.resolve()
  expect(await refused.promise).toMatchObject({ code: 'attempt-stale' })
  // Another attempt may follow, and finish, at any time.
  expect(bodies).not.toContain(stale)
  expect(await orders(client)).not.toContain(stale)
})

/** The node of the attempt is declared lost, and the job freed: by us, or by the node itself, whoever is first. */
async function takeAway(app: Escapement, jobId: string, fence: number): Promise<void> {
  const store = await app.store()
  const isFree = async (): Promise<boolean> => {
    // A node that renews between the two is not the one that was seen.
    for (const node of await store.listNodes()) await store.markLost(node.id, node.counter)
    await store.rescue(10)
    const job = await store.readJob(jobId)
    return job?.state !== 'running' || job.fence !== fence
  }
  await vi.waitUntil(isFree, { timeout: 60_000 })
}
