import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../src/settings/resolve.ts'
import type { CoordinationConfig } from '../../src/settings/coordination.ts'
import type { Settings } from '../../src/settings/settings.ts'

const coordination = (
  code: CoordinationConfig | undefined,
  env: NodeJS.ProcessEnv = {},
  database = 'sqlite:books.db'
): Settings['coordination'] =>
  resolveSettings({ database, ...(code !== undefined && { coordination: code }) }, env).coordination

const refusal = (...asked: Parameters<typeof coordination>): unknown => {
  try {
    return coordination(...asked)
  } catch (error) {
    expect(error).toMatchObject({ code: 'config-invalid' })
    return (error as Error).message
  }
}

describe('which back end decides who holds a seat', () => {
  test('locks on files with books in a file, and the books themselves with others', () => {
    expect(coordination(undefined).backend).toBe('file')
    expect(coordination(undefined, {}, 'memory:').backend).toBe('store')
  })

  test('code goes before the environment, and that before the default', () => {
    const env = { ESCAPEMENT_COORDINATION: 'Redis', REDIS_URL: 'redis://cache:6379/2' }
    expect(coordination(undefined, env)).toMatchObject({ backend: 'redis', redisUrl: 'redis://cache:6379/2' })
    expect(coordination({ backend: 'store' }, env).backend).toBe('store')
    expect(coordination({ redisUrl: 'rediss://other' }, env)).toMatchObject({ redisUrl: 'rediss://other' })
  })

  test('addresses alone choose nothing', () => {
    expect(coordination(undefined, { REDIS_URL: 'redis://cache', LOCK_PATH: '/x/y.lock' }, 'memory:').backend).toBe(
      'store'
    )
    expect(coordination({ redisUrl: 'redis://cache' }).backend).toBe('file')
  })

  test('a lock path is made absolute', () => {
    const env = { LOCK_PATH: 'run/primary.lock' }
    expect(coordination(undefined, env)).toMatchObject({ lockPath: resolve('run/primary.lock') })
    expect(coordination({ lockPath: '/run/app.lock' }, env)).toMatchObject({ lockPath: '/run/app.lock' })
  })

  test('what could let two processes in has to be allowed', () => {
    expect(coordination(undefined)).toMatchObject({ allowNetworkDisk: false })
    expect(coordination({ allowNetworkDisk: true })).toMatchObject({ allowNetworkDisk: true })
    const redis = { backend: 'redis', redisUrl: 'redis://cache' } as const
    expect(coordination(redis)).toMatchObject({ allowEviction: false })
    expect(coordination({ ...redis, allowEviction: true })).toMatchObject({ allowEviction: true })
  })
})

describe('times', () => {
  test('a renewal is due after a third of the TTL at the latest', () => {
    expect(coordination({ ttl: '3s' })).toMatchObject({ ttlMs: 3_000, renewEveryMs: 1_000 })
    expect(coordination({ ttl: '3s', renewEvery: 1_000 })).toMatchObject({ renewEveryMs: 1_000 })
    expect(refusal({ ttl: '3s', renewEvery: 1_001 })).toBe(
      '"coordination.renewEvery" is 1001 ms with a "coordination.ttl" of 3000 ms; it takes at most a third of it, 1000 ms.'
    )
  })

  test('a TTL that no contender could watch is refused', () => {
    expect(refusal({ ttl: 299 })).toMatch(/"coordination.ttl" is 299; it takes a duration.*at least 300 ms/)
  })
})

describe('what is missing or wrong', () => {
  test.each<[unknown, Parameters<typeof coordination>]>([
    [
      /ESCAPEMENT_COORDINATION is "zookeeper"; it takes "store", "file", "redis"/,
      [undefined, { ESCAPEMENT_COORDINATION: 'zookeeper' }]
    ],
    [
      /by "redis" takes the address of a Redis server: set "coordination.redisUrl" or REDIS_URL/,
      [{ backend: 'redis' }]
    ],
    [
      /by "file" takes the path of a lock file: set "coordination.lockPath" or LOCK_PATH/,
      [{ backend: 'file' }, {}, 'memory:']
    ],
    [/"coordination.lockPath" is ""; it takes the path of a file/, [{ lockPath: '' }]],
    [
      /"coordination" in the configuration has the unknown setting "lockpath"; did you mean "lockPath"/,
      [{ lockpath: 'x' } as CoordinationConfig]
    ]
  ])('is said: %s', (words, asked) => {
    expect(refusal(...asked)).toMatch(words as RegExp)
  })

  test('an address is never repeated: it may hold a password', () => {
    const secret = 'http://user:hush@cache:6379'
    expect(refusal({ backend: 'redis', redisUrl: secret })).not.toMatch(/hush/)
    expect(refusal({ backend: 'redis' }, { REDIS_URL: secret })).toMatch(
      /^REDIS_URL is not an address of a Redis server/
    )
  })
})
