import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { resolveSettings } from '../../src/settings/resolve.ts'
import type { EscapementConfig, Settings } from '../../src/settings/settings.ts'

const mail = task('mail', { handler: () => undefined })

describe('what an empty configuration becomes', () => {
  test('every default is filled in', () => {
    expect(resolveSettings({}, {})).toEqual({
      name: 'default',
      database: { kind: 'sqlite', file: resolve('escapement.db') },
      tasks: [],
      schedules: [],
      roles: ['web', 'scheduler', 'worker'],
      rolesFrom: 'default',
      topology: 'single',
      topologyFrom: 'default',
      api: { enabled: true, token: undefined },
      alerts: {
        channels: undefined,
        startWithinMs: 60_000,
        failures: 1,
        recoveries: 1,
        overlaps: 3,
        runsAtMostMs: undefined,
        queueAgeMs: 600_000,
        queueDepth: undefined,
        schedules: undefined,
        quietHours: undefined,
        mutes: undefined,
        critical: ['no-scheduler', 'not-started', 'seat-vacant'],
        without: [],
        heartbeatUrl: undefined
      },
      release: 0,
      defaults: { timezone: 'UTC', misfireGraceMs: null, coalesce: 'latest', maxInstances: 1 },
      worker: { concurrency: 10, queues: undefined, priorityAgingMs: undefined, intervalMs: 1_000 },
      lease: { ttlMs: 15_000, renewEveryMs: 5_000 },
      coordination: {
        backend: 'file',
        lockPath: undefined,
        allowNetworkDisk: false,
        ttlMs: 15_000,
        renewEveryMs: 5_000
      },
      orphans: 'keep',
      shutdownGraceMs: 10_000,
      abortGraceMs: 5_000,
      retention: { ledgerMs: 90 * 86_400_000, unsuccessfulMs: 30 * 86_400_000, auditMs: 365 * 86_400_000 },
      sqlite: { synchronous: 'normal' },
      logger: undefined,
      log: { level: 'info', stream: 'stderr' }
    } satisfies Settings)
  })

  test('blank variables count as not set', () => {
    const blank = {
      ESCAPEMENT_DATABASE_URL: '',
      DATABASE_URL: ' ',
      ENABLE_SCHEDULER: '',
      ESCAPEMENT_ROLES: '',
      WORKER_CONCURRENCY: ''
    }
    expect(resolveSettings({}, blank)).toEqual(resolveSettings({}, {}))
  })
})

describe('the environment', () => {
  const cases: readonly [NodeJS.ProcessEnv, object][] = [
    [{ DATABASE_URL: 'sqlite:a.db' }, { database: { kind: 'sqlite', file: resolve('a.db') } }],
    [{ DATABASE_URL: 'postgres://x', ESCAPEMENT_DATABASE_URL: 'memory:' }, { database: { kind: 'memory' } }],
    [{ DATABASE_URL: 'sqlite:///var/lib/a.db' }, { database: { kind: 'sqlite', file: '/var/lib/a.db' } }],
    [{ DATABASE_URL: 'SQLITE:/var/lib/a%20b.db' }, { database: { kind: 'sqlite', file: '/var/lib/a%20b.db' } }],
    [
      { DATABASE_URL: 'postgres://u@db/app' },
      {
        database: {
          kind: 'postgres',
          url: 'postgres://u@db/app',
          schema: 'escapement',
          poolSize: 5,
          listenUrl: undefined
        }
      }
    ],
    [{ ENABLE_SCHEDULER: 'false' }, { roles: ['web'], rolesFrom: 'ENABLE_SCHEDULER' }],
    [{ ENABLE_SCHEDULER: '0' }, { roles: ['web'], rolesFrom: 'ENABLE_SCHEDULER' }],
    [{ ENABLE_SCHEDULER: 'TRUE' }, { roles: ['web', 'scheduler', 'worker'], rolesFrom: 'ENABLE_SCHEDULER' }],
    [
      { ENABLE_SCHEDULER: 'false', ESCAPEMENT_ROLES: 'worker, web' },
      { roles: ['web', 'worker'], rolesFrom: 'ESCAPEMENT_ROLES' }
    ],
    [{ ESCAPEMENT_RELEASE: '42' }, { release: 42 }],
    [{ ESCAPEMENT_LOG_LEVEL: 'WARN' }, { log: { level: 'warn', stream: 'stderr' } }],
    [{ WORKER_CONCURRENCY: '3' }, { worker: { concurrency: 3 } }],
    [{ WORKER_QUEUES: 'mail:5, nightly reports:1' }, { worker: { queues: { mail: 5, 'nightly reports': 1 } } }],
    [{ WORKER_INTERVAL: '30000' }, { worker: { intervalMs: 30_000 } }],
    [{ WORKER_INTERVAL: '250ms' }, { worker: { intervalMs: 250 } }],
    [{ ESCAPEMENT_TOPOLOGY: 'Everywhere' }, { topology: 'everywhere', topologyFrom: 'ESCAPEMENT_TOPOLOGY' }],
    [{ ESCAPEMENT_TOPOLOGY: 'primary' }, { roles: ['web', 'scheduler', 'worker'], rolesFrom: 'topology' }],
    [{ ESCAPEMENT_TOPOLOGY: 'dedicated' }, { roles: ['web'], rolesFrom: 'topology' }],
    [
      { ESCAPEMENT_TOPOLOGY: 'fleet', ENABLE_SCHEDULER: 'true' },
      { roles: ['web', 'scheduler', 'worker'], rolesFrom: 'ENABLE_SCHEDULER' }
    ],
    [{ SCHEDULER_API_ENABLED: 'no' }, { api: { enabled: false, token: undefined } }],
    [{ SCHEDULER_API_TOKEN: 'a-token-of-sixteen' }, { api: { enabled: true, token: 'a-token-of-sixteen' } }]
  ]
  test.each(cases)('%j gives %j', (env, expected) => {
    expect(resolveSettings({}, env)).toMatchObject(expected)
  })

  const defaults: readonly [NodeJS.ProcessEnv, Partial<Settings['defaults']>][] = [
    [{ SCHEDULER_TIMEZONE: 'Europe/Paris' }, { timezone: 'Europe/Paris' }],
    [{ SCHEDULER_COALESCE: 'all' }, { coalesce: 'all' }],
    [{ SCHEDULER_COALESCE: 'true' }, { coalesce: 'latest' }],
    [{ SCHEDULER_COALESCE: 'False' }, { coalesce: 'all' }],
    [{ SCHEDULER_MAX_INSTANCES: '3' }, { maxInstances: 3 }],
    [{ SCHEDULER_MISFIRE_GRACE: '30000' }, { misfireGraceMs: 30_000 }],
    [{ SCHEDULER_MISFIRE_GRACE: '1h30m' }, { misfireGraceMs: 5_400_000 }]
  ]
  test.each(defaults)('%j gives the schedules %j', (env, expected) => {
    expect(resolveSettings({}, env).defaults).toMatchObject(expected)
  })

  test('yields to code', () => {
    const config: EscapementConfig = {
      database: 'memory:',
      roles: ['worker'],
      release: 1,
      worker: { concurrency: 2 },
      defaults: { timezone: 'Asia/Tokyo', misfireGrace: 1_500, coalesce: 'earliest', maxInstances: 2 }
    }
    const env = {
      DATABASE_URL: 'sqlite:x.db',
      ESCAPEMENT_ROLES: 'web',
      ENABLE_SCHEDULER: 'true',
      ESCAPEMENT_RELEASE: '9',
      WORKER_CONCURRENCY: '9',
      SCHEDULER_TIMEZONE: 'UTC',
      SCHEDULER_MISFIRE_GRACE: '9s',
      SCHEDULER_COALESCE: 'all',
      SCHEDULER_MAX_INSTANCES: '9'
    }
    expect(resolveSettings(config, env)).toMatchObject({
      database: { kind: 'memory' },
      roles: ['worker'],
      rolesFrom: 'code',
      release: 1,
      worker: { concurrency: 2 },
      defaults: { timezone: 'Asia/Tokyo', misfireGraceMs: 1_500, coalesce: 'earliest', maxInstances: 2 }
    })
  })
})

describe('what code says', () => {
  test('a short lease is renewed three times within it', () => {
    expect(resolveSettings({ lease: { ttl: '2s' } }, {})).toMatchObject({ lease: { ttlMs: 2_000, renewEveryMs: 666 } })
    expect(resolveSettings({ lease: { ttl: '1m' } }, {})).toMatchObject({
      lease: { ttlMs: 60_000, renewEveryMs: 5_000 }
    })
  })

  test('the task of a schedule is known without being listed, and only once', () => {
    const nightly = schedule('nightly', { task: mail, trigger: every('1h') })
    expect(resolveSettings({ schedules: [nightly] }, {}).tasks).toEqual([mail])
    expect(resolveSettings({ schedules: [nightly], tasks: [mail] }, {}).tasks).toEqual([mail])
  })
})
