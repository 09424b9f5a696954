import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type LaunchAsked as Asked, type LaunchSettings, resolveLaunch } from '../../src/settings/launch.ts'
import { settingRows } from '../../src/settings/printed/origins.ts'
import { resolveSettings } from '../../src/settings/resolve.ts'
import type { EscapementConfig } from '../../src/settings/settings.ts'
import type { Topology } from '../../src/settings/kinds/topologies.ts'

type LaunchAsked = Asked & { readonly topology?: Topology }

const launch = (env: NodeJS.ProcessEnv, asked: LaunchAsked = {}, config: EscapementConfig = {}): LaunchSettings =>
  resolveLaunch(resolveSettings({ ...config, ...(asked.topology && { topology: asked.topology }) }, env), env, asked)

describe('what a start comes to', () => {
  test('in development', () => {
    expect(launch({}, { topology: 'everywhere' })).toEqual({
      isProduction: false,
      topology: 'everywhere',
      web: 2,
      workers: 0,
      schedulers: 1,
      host: '127.0.0.1',
      ports: {
        web: { number: 3000, isAsked: false },
        scheduler: { number: 5002, isAsked: false },
        worker: { number: 0, isAsked: false }
      },
      maxRestarts: 4,
      runDirectory: resolve('.escapement')
    })
  })

  test('in production', () => {
    const production = launch({ NODE_ENV: 'production' }, { topology: 'everywhere' })
    expect(production).toMatchObject({ host: '0.0.0.0', web: availableParallelism(), maxRestarts: 10 })
    expect(launch({ NODE_ENV: 'staging' }).isProduction).toBe(false)
  })

  test('a port that Kubernetes has set for a service is named as its work', () => {
    expect(() => launch({ SCHEDULER_PORT: 'tcp://10.96.0.7:5002' })).toThrow(
      'SCHEDULER_PORT is "tcp://10.96.0.7:5002"; it takes a whole number from 0 to 65535. Kubernetes sets it for a service ' +
        'named "scheduler": set enableServiceLinks: false in the pod\'s spec, or SCHEDULER_PORT itself.'
    )
  })

  test('the environment goes before the defaults, the command line before it', () => {
    const env = {
      ESCAPEMENT_TOPOLOGY: 'dedicated',
      WEB_CONCURRENCY: '3',
      WORKER_PROCESSES: '1',
      HOST: '::1',
      PORT: '8080',
      SCHEDULER_PORT: '6002',
      ESCAPEMENT_RUN_DIR: '/run/app'
    }
    expect(launch(env)).toMatchObject({
      topology: 'dedicated',
      web: 3,
      workers: 1,
      host: '::1',
      runDirectory: '/run/app'
    })
    expect(launch(env).ports).toMatchObject({ web: { number: 8080, isAsked: true }, scheduler: { number: 6002 } })
    expect(launch(env, { web: 0, workers: 2, port: 1, host: 'h' })).toMatchObject({ web: 0, workers: 2, host: 'h' })
  })

  test('single is one process, whatever a platform says of concurrency', () => {
    expect(launch({ WEB_CONCURRENCY: '8', WORKER_PROCESSES: '2' })).toMatchObject({ web: 1, workers: 0 })
  })
})

describe('what cannot be', () => {
  const cases: readonly [LaunchAsked, string][] = [
    [{ web: 2 }, '--web has no place in the topology "single"; it takes "everywhere"'],
    [{ workers: 2 }, '--workers has no place in the topology "single"'],
    [
      { topology: 'dedicated', schedulers: 2 },
      '--schedulers has no place in the topology "dedicated"; it takes "fleet"'
    ],
    [{ topology: 'fleet' }, 'the books are in a file of this host; it takes "postgres://…"']
  ]
  test.each(cases)('%j', (asked, message) => {
    expect(() => launch({}, asked)).toThrow(message)
  })

  test('books in memory for several processes', () => {
    for (const topology of ['everywhere', 'primary', 'dedicated', 'fleet'] satisfies Topology[])
      expect(() => launch({}, { topology }, { database: 'memory:' })).toThrow('the books are in memory')
    expect(launch({}, {}, { database: 'memory:' }).web).toBe(1)
  })
})

describe('the settings with their sources', () => {
  const rowsOf = (config: EscapementConfig, env: NodeJS.ProcessEnv, asked: LaunchAsked = {}, dotEnv: string[] = []) => {
    const settings = resolveSettings(config, env)
    const database = 'sqlite:/books.db'
    const rows = settingRows({
      config,
      env,
      asked,
      dotEnv,
      settings,
      launch: launch(env, asked, config),
      roles: settings.roles,
      database
    })
    return (name: string) => rows.find(({ setting }) => setting === name)
  }

  test('name the option, the code, the variable, .env or the default', () => {
    const env = {
      PORT: '1',
      HOST: 'h',
      WORKER_CONCURRENCY: ' ',
      SCHEDULER_TIMEZONE: 'Asia/Tokyo',
      WEB_CONCURRENCY: '3'
    }
    const config: EscapementConfig = {
      topology: 'everywhere',
      defaults: { timezone: 'UTC' },
      worker: { interval: '5s' }
    }
    const row = rowsOf(config, env, { web: 4 }, ['HOST'])
    expect(row('launch.port')).toEqual({ setting: 'launch.port', value: 1, from: 'PORT' })
    expect(row('launch.host')).toEqual({ setting: 'launch.host', value: 'h', from: 'HOST in .env' })
    expect(row('launch.web')).toEqual({ setting: 'launch.web', value: 4, from: '--web' })
    expect(row('defaults.timezone')).toEqual({ setting: 'defaults.timezone', value: 'UTC', from: 'code' })
    expect(row('worker.interval')).toEqual({ setting: 'worker.interval', value: '5000 ms', from: 'code' })
    expect(row('worker.concurrency')).toEqual({ setting: 'worker.concurrency', value: 10, from: 'default' })
    expect(row('launch.maxRestarts')).toMatchObject({ value: 4, from: 'default in development' })
    expect(rowsOf({}, { NODE_ENV: 'production' })('launch.host')).toMatchObject({ from: 'default in production' })
    expect(rowsOf({}, { ENABLE_SCHEDULER: 'no' })('roles')).toMatchObject({ value: 'web', from: 'ENABLE_SCHEDULER' })
    expect(rowsOf({}, {}, { maxRestarts: 1 })('launch.maxRestarts')).toMatchObject({ value: 1, from: '--max-restarts' })
  })

  test('say in words what nobody has set', () => {
    expect(rowsOf({}, {})('defaults.misfireGrace')).toMatchObject({ value: 'no limit', from: 'default' })
    expect(rowsOf({}, {})('coordination.redisUrl')).toMatchObject({ value: null, from: 'default' })
  })

  test('show none of another database than the one of the books', () => {
    expect(rowsOf({}, {})('postgres.schema')).toBeUndefined()
    expect(rowsOf({ database: 'postgres://db/app' }, {})('postgres.poolSize')).toMatchObject({ value: 5 })
  })

  test('hide the token', () => {
    const env = { SCHEDULER_API_TOKEN: 'a-token-of-sixteen' }
    expect(rowsOf({}, env)('api.token')).toEqual({
      setting: 'api.token',
      value: '********',
      from: 'SCHEDULER_API_TOKEN'
    })
    expect(() => resolveSettings({}, { SCHEDULER_API_TOKEN: 'too short' })).toThrow(
      /^(?!.*too short).*has 9 characters/
    )
  })
})
