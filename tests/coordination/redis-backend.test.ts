import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as pass } from 'node:timers/promises'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock/system.ts'
import { RedisBackend, type RedisBackendOptions } from '../../src/coordination/redis-backend.ts'
import { type RedisServer, startRedis } from '../services/redis.ts'
import { Contender } from './contender.ts'
import { testSeats } from './contract.ts'
import { sharedBooks } from './shared-books.ts'

/** Longer than a busy machine makes a test wait for its turn. */
const TTL_MS = 1_500

let server: RedisServer
let books = 0
beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.stop())

const backendOf = (name: string, over: Partial<RedisBackendOptions> = {}): RedisBackend =>
  new RedisBackend({
    clock: systemClock,
    url: server.url,
    allowEviction: false,
    booksId: `books-${books}`,
    holderId: name,
    ttlMs: TTL_MS,
    renewEveryMs: TTL_MS / 3,
    ...over
  })

async function command(...args: string[]): Promise<unknown> {
  const client = createClient({ url: server.url })
  await client.connect()
  const answer: unknown = await client.sendCommand(args)
  client.destroy()
  return answer
}

testSeats({
  name: 'Redis',
  open: async () => {
    books++
    const { connect } = sharedBooks(systemClock)
    const log: string[] = []
    const backends: RedisBackend[] = []
    return {
      contender: name => {
        const backend = backendOf(name)
        backends.push(backend)
        const holder = { id: name, host: 'harbour', pid: process.pid }
        const die = (): void => void backend.close()
        return new Contender({ holder, store: connect(), backend, clock: systemClock, ttlMs: TTL_MS, log, die })
      },
      ttlMs: TTL_MS,
      pass: ms => pass(ms),
      forget: async () => void (await command('FLUSHALL')),
      log,
      close: async () => {
        for (const backend of backends) await backend.close()
      }
    }
  }
})

describe('a Redis server', () => {
  const vacant = async (): Promise<undefined> => undefined

  test.each([['allkeys-lru'], ['volatile-ttl']])(
    'that may drop keys (%s) is refused, unless that is allowed',
    async policy => {
      await command('CONFIG', 'SET', 'maxmemory-policy', policy)
      try {
        const backend = backendOf('ada')
        const refusal = { code: 'seat-refused', message: new RegExp(`maxmemory-policy is "${policy}"`) }
        await expect(backend.prepare()).rejects.toMatchObject(refusal)
        await expect(backend.take('primary', vacant)).rejects.toMatchObject(refusal)
        const allowed = backendOf('ada', { allowEviction: true })
        await allowed.prepare()
        await allowed.close()
      } finally {
        await command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      }
    }
  )

  test('that is down hinders no start; its password is never told', async () => {
    const backend = backendOf('ada', { url: `redis://me:hush@127.0.0.1:1/0` })
    await backend.prepare()
    const error: unknown = await backend.take('primary', vacant).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'seat-unavailable', message: /^The Redis server at 127.0.0.1:1 could not/ })
    expect(String(error)).not.toContain('hush')
  })

  test('that never answers is not waited for', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const backend = backendOf('ada', { url: `redis://127.0.0.1:${port}` })
    await expect(backend.take('primary', vacant)).rejects.toMatchObject({
      code: 'seat-unavailable',
      message: /no answer for 1000 ms/
    })
    silent.close()
  })

  test('that gave the lock to one who lost the answer gives it again, for a whole TTL and under the same term', async () => {
    books++
    const ada = backendOf('ada')
    const before = await ada.take('primary', vacant)
    await command('PEXPIRE', `escapement:{books-${books}}:seat:primary`, '200')
    const again = await ada.take('primary', vacant)
    expect(again?.term).toBe(before?.term)
    expect(await command('PTTL', `escapement:{books-${books}}:seat:primary`)).toBeGreaterThan(200)
    await ada.close()
  })

  test('that answers another one extends and releases nothing', async () => {
    books++
    const [ada, bob] = [backendOf('ada'), backendOf('bob')]
    const before = await ada.take('primary', vacant)
    await command('FLUSHALL')
    const after = await bob.take('primary', vacant)
    expect(await before?.extend()).toBe(false)
    await before?.release()
    expect(await after?.extend()).toBe(true)
    await Promise.all([ada.close(), bob.close()])
  })

  test('that is restarted costs its holder the seat, by its own deadline, and a new one is elected once it is back', async () => {
    const own = await startRedis()
    const { connect } = sharedBooks(systemClock)
    const log: string[] = []
    const backend = backendOf('ada', { url: own.url })
    const holder = { id: 'ada', host: 'harbour', pid: process.pid }
    const die = (): void => undefined
    const ada = new Contender({ holder, store: connect(), backend, clock: systemClock, ttlMs: TTL_MS, log, die })
    while (!ada.isHeld) await ada.step()
    const term = ada.term
    await own.stop()
    while (log.length < 2) await ada.step().then(pass, () => pass(20))
    expect(log).toEqual(['primary: ada elected', 'primary: ada expired'])
    const again = await startRedis(['--port', String(own.port)])
    while (!ada.isHeld) await ada.step().then(pass, () => pass(20))
    expect(ada.term).toBeGreaterThan(term)
    await backend.close()
    await again.stop()
  })
})
