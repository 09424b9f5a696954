import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEscapement, type Escapement, type HandlerContext, task } from '../../src/index.ts'
import { freshDatabase } from '../stores/postgres/server.ts'
import { testStopping } from './stopping.ts'

describe('a stop, with books in PostgreSQL', () => testStopping(freshDatabase))

const child = task('child', { handler: () => undefined })

test('a handler may enqueue by a client, and in its transaction, after the stop has begun', async () => {
  const url = await freshDatabase()
  const client = new Client(url)
  await client.connect()
  const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const load = task('load', {
    maxAttempts: 1,
    handler: async ({ transaction }: HandlerContext) => {
      entered.resolve()
      await gate.promise
      await app.enqueue(child, 1, { client })
      return transaction(async tx => {
        await app.enqueue(child, 2, { client: tx })
        await app.enqueueMany(child, [3, 4], { client: tx })
        return 'done'
      })
    }
  })
  const app: Escapement = createEscapement({ database: url, tasks: [load, child], logger: false })
  onTestFinished(async () => {
    await app.stop({ graceMs: 0 })
    await client.end()
  })
  await app.start()
  const ended = new Promise<unknown>(resolve => {
    app.on('job.completed', facts => (facts.task === 'load' ? resolve('completed') : undefined))
    app.on('job.discarded', ({ error }) => resolve(error))
  })
  await app.enqueue(load, null)
  await entered.promise
  const stopping = app.stop()
  await new Promise(resolve => setImmediate(resolve))
  gate.resolve()
  await stopping
  expect(await ended).toBe('completed')
  const { rows } = await client.query('SELECT 1 FROM escapement.job')
  expect(rows.length).toBeGreaterThanOrEqual(4)
})

/** An app on a server that accepts connections and never answers. */
async function onSilentServer(): Promise<Escapement> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => void sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return createEscapement({ database: `postgres://nobody@127.0.0.1:${port}/x`, tasks: [child], logger: false })
}

test.each([
  ['start() alone', (app: Escapement) => [app.start()]],
  [
    'every kind of call',
    (app: Escapement) => [app.start(), app.enqueue(child, 1), app.enqueueMany(child, [2]), app.jobs.list(), app.store()]
  ]
])('a stop before the books are open, on a server that never answers, refuses %s as stopped', async (_, calls) => {
  const app = await onSilentServer()
  // The store's own deadline, 10 s later, would make it `store-unavailable`.
  const answers = Promise.allSettled(calls(app))
  await app.stop()
  for (const answer of await answers) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'stopped' } })
})

test('a call that others hold up is refused as stopped when its time is over', async () => {
  const url = await freshDatabase()
  const app = createEscapement({ database: url, tasks: [child], logger: false })
  await app.enqueue(child, null)
  const client = new Client(url)
  await client.connect()
  await client.query('BEGIN; LOCK TABLE escapement.job')
  const calls = Promise.allSettled(Array.from({ length: 200 }, (_, number) => app.enqueue(child, number)))
  await app.stop({ graceMs: 100 })
  for (const answer of await calls) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'stopped' } })
  await client.end()
})
