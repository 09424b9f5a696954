import { setTimeout as sleep } from 'node:timers/promises'
import pg, { Client } from 'pg'
import type { ClientConfig } from 'pg'
import { afterEach, describe, expect, test } from 'vitest'

import { addressOf } from '../../../../src/stores/postgres/connection/address.ts'
import type { LineOptions } from '../../../../src/stores/postgres/connection/line.ts'
import { Notifier } from '../../../../src/stores/postgres/connection/notifier.ts'
import { Watch } from '../../../../src/stores/postgres/connection/watch.ts'
import { execute, freshName, openDatabase, serverUrl } from '../server.ts'

const watches: Watch[] = []

afterEach(async () => {
  for (const watch of watches.splice(0)) await watch.end()
})

interface Opening {
  readonly database?: string
  readonly driver?: LineOptions['driver']
  readonly timeoutMs?: number
  readonly pingEveryMs?: number
}

function openWatch(channel: string, { database, driver = pg, timeoutMs = 10_000, ...opening }: Opening = {}): Watch {
  const address = addressOf(pg, `${serverUrl(database)}?application_name=${channel}`, 'books')
  const watch = new Watch({
    address,
    channel,
    ownId: 'me',
    driver,
    timeoutMs,
    pingEveryMs: opening.pingEveryMs ?? 10_000
  })
  watches.push(watch)
  return watch
}

/** Counts the calls, and lets a number of them be waited for. */
function listener(): {
  readonly hear: () => void
  readonly heard: (calls: number) => Promise<void>
  calls: () => number
} {
  let calls = 0
  let onCall = (): void => undefined
  return {
    hear: () => {
      calls += 1
      onCall()
    },
    heard: wanted =>
      new Promise(resolve => {
        onCall = () => {
          if (calls >= wanted) resolve()
        }
        onCall()
      }),
    calls: () => calls
  }
}

/** The process of the server that listens; undefined: none does. */
async function pidOfListener(channel: string): Promise<number | undefined> {
  const rows = await execute(`SELECT pid FROM pg_stat_activity WHERE application_name = '${channel}'`)
  return rows[0]?.['pid'] as number | undefined
}

describe('a watch', () => {
  test('calls its listeners when it begins to listen, and at each wake of another', async () => {
    const channel = freshName()
    const { hear, heard, calls } = listener()
    openWatch(channel).add(hear)
    await heard(1)
    await execute(`NOTIFY ${channel}, 'another'`)
    await heard(2)
    await execute(`NOTIFY ${channel}, 'me'; NOTIFY ${channel}, 'another again'`)
    await heard(3)
    expect(calls()).toBe(3)
  })

  test('whose connection is ended makes another, and calls, since a wake may have been lost', async () => {
    const channel = freshName()
    const { hear, heard } = listener()
    const watch = openWatch(channel)
    watch.add(hear)
    await heard(1)
    const pid = await pidOfListener(channel)
    await execute(`SELECT pg_terminate_backend(${pid})`)
    await heard(2)
    expect(watch.isListening).toBe(true)
    await execute(`NOTIFY ${channel}`)
    await heard(3)
  })

  test('whose connection no longer answers makes another', async () => {
    const channel = freshName()
    const { hear, heard } = listener()
    openWatch(channel, { timeoutMs: 1_000, pingEveryMs: 10 }).add(hear)
    await heard(1)
    const pid = (await pidOfListener(channel))!
    process.kill(pid, 'SIGSTOP')
    try {
      await heard(2)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })

  test('whose session has forgotten the channel listens anew', async () => {
    const channel = freshName()
    const { hear, heard } = listener()
    const clients: Client[] = []
    class SeenClient extends Client {
      constructor(config?: string | ClientConfig) {
        super(config)
        clients.push(this)
      }
    }
    openWatch(channel, { driver: { ...pg, Client: SeenClient }, pingEveryMs: 10 }).add(hear)
    await heard(1)
    await clients[0]!.query('UNLISTEN *')
    await heard(2)
    expect(clients).toHaveLength(2)
  })

  test('tries again until the server is there', async () => {
    const { hear, heard } = listener()
    const channel = freshName()
    const database = freshName()
    openWatch(channel, { database }).add(hear)
    await execute(`CREATE DATABASE ${database}`)
    await heard(1)
  })

  test('holds a connection only while somebody listens', async () => {
    const channel = freshName()
    const { hear, heard, calls } = listener()
    const watch = openWatch(channel)
    const end = watch.add(hear)
    await heard(1)
    end()
    await watch.end()
    while ((await pidOfListener(channel)) !== undefined) await sleep(10)
    expect(watch.isListening).toBe(false)
    watch.add(hear)
    await heard(2)
    expect(calls()).toBe(2)
  })
})

describe('a notifier', () => {
  test('tells at once, and those who come together share the next', async () => {
    const channel = freshName()
    const payloads: unknown[] = []
    const client = new Client({ connectionString: serverUrl() })
    await client.connect()
    const second = new Promise<void>(resolve => {
      client.on('notification', ({ payload }) => {
        payloads.push(payload)
        if (payloads.length === 2) resolve()
      })
    })
    await client.query(`LISTEN ${channel}`)
    const notifier = new Notifier({ database: openDatabase(), channel, ownId: 'me' })
    for (let calls = 0; calls < 1_000; calls++) notifier.notify()
    await second
    await execute(`NOTIFY ${channel}, 'last'`)
    while (payloads.at(-1) !== 'last') await sleep(1)
    expect(payloads).toEqual(['me', 'me', 'last'])
    await client.end()
  })

  test('never fails a write: without a server a wake is lost, and the next one is tried', async () => {
    const database = openDatabase({ url: 'postgres://127.0.0.1:1/app' })
    const notifier = new Notifier({ database, channel: 'any', ownId: 'me' })
    notifier.notify()
    await expect(database.query({ text: 'SELECT 1' })).rejects.toMatchObject({ code: 'store-unavailable' })
    notifier.notify()
  })
})
