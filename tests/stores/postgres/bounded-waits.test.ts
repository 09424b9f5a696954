import { setTimeout as sleep } from 'node:timers/promises'
import pg, { Client } from 'pg'
import { expect, test } from 'vitest'

import { addressOf } from '../../../src/stores/postgres/connection/address.ts'
import { listenOn } from '../../../src/stores/postgres/connection/line.ts'
import { newJob } from '../../conformance/fixtures.ts'
import { freshStore, intruder, untilBlocked } from './fresh-store.ts'
import { execute, freshName, openDatabase, serverUrl } from './server.ts'

test('a statement that may take longer than others is given that time by the server, too', async () => {
  const database = openDatabase({ operationTimeoutMs: 1_000 })
  expect(await database.query({ text: 'SELECT $1::text FROM pg_sleep(1.5)', limitMs: 60_000 }, ['a'])).toEqual([['a']])
})

test('a job for a seat has its lane before the seat is locked: there a second connection would be waited for', async () => {
  const { store, schema } = await freshStore()
  const past = await intruder(schema)
  const seat = { seat: 'pilot', term: 1 }
  await store.takeSeat({ ...seat, holder: { id: 'boot-a', host: 'harbour', pid: 1 }, ttlMs: 1_000, seen: undefined })
  await past.query('BEGIN; LOCK TABLE seat IN ACCESS EXCLUSIVE MODE')
  const enqueued = store.enqueueInSeat(seat, [newJob()])
  await untilBlocked(past, schema)
  const { rowCount } = await past.query('SELECT FROM lane')
  await past.query('COMMIT')
  expect(await enqueued).toMatchObject([{ outcome: 'enqueued' }])
  expect(rowCount).toBe(1)
})

test('a process that listens and is frozen is let go by the server: else its unread wakes would fill the queue of all', async () => {
  const channel = freshName()
  const address = addressOf(pg, `${serverUrl()}?application_name=${channel}`, 'books')
  const clients: Client[] = []
  class SeenClient extends Client {
    constructor(...config: ConstructorParameters<typeof Client>) {
      super(...config)
      clients.push(this)
    }
  }
  const stop = new AbortController()
  const listening = Promise.withResolvers<void>()
  const line = listenOn(
    { driver: { ...pg, Client: SeenClient }, address, channel, timeoutMs: 1_000, pingEveryMs: 600_000 },
    { onListening: listening.resolve, onWake: () => undefined, signal: stop.signal }
  )
  await listening.promise
  clients[0]!.connection.stream.pause()
  await execute(`SELECT pg_notify('${channel}', repeat('x', 7000) || n) FROM generate_series(1, 3000) AS n`)
  const isThere = `SELECT FROM pg_stat_activity WHERE application_name = '${channel}'`
  while ((await execute(isThere)).length > 0) await sleep(100)
  stop.abort()
  await line
})
