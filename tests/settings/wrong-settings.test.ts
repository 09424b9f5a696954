import { describe, expect, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { isEscapementError } from '../../src/core/errors.ts'
import { task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { resolveSettings } from '../../src/settings/resolve.ts'
import type { EscapementConfig } from '../../src/settings/settings.ts'

const mail = task('mail', { handler: () => undefined })

describe('what is wrong is named, with what it got and what it takes', () => {
  const config = (wrong: unknown): EscapementConfig => wrong as EscapementConfig
  const cases: readonly [string, EscapementConfig, NodeJS.ProcessEnv, string][] = [
    ['an unknown setting', config({ databse: 'memory:' }), {}, 'unknown setting "databse"; did you mean "database"?'],
    [
      'an unknown nested setting',
      config({ lease: { renewevry: 1 } }),
      {},
      '"lease" in the configuration has the unknown setting "renewevry"; did you mean "renewEvery"?'
    ],
    [
      'a setting far from all',
      config({ sqlite: { zzzzzz: 1 } }),
      {},
      'unknown setting "zzzzzz"; known are "synchronous".'
    ],
    ['an unknown setting before a wrong one', config({ name: 3, tusks: [] }), {}, 'did you mean "tasks"?'],
    ['no object', config(null), {}, 'The configuration is null; it takes an object.'],
    ['a group that is none', config({ worker: 3 }), {}, '"worker" is 3; it takes an object.'],
    ['a name', config({ name: ' x' }), {}, '"name" is " x"; it takes a text of 1 to 200 characters'],
    ['tasks', config({ tasks: ['mail'] }), {}, '"tasks" is a list; it takes a list of what task() returns.'],
    [
      'schedules',
      config({ schedules: {} }),
      {},
      '"schedules" is an object of Object; it takes a list of what schedule() returns.'
    ],
    [
      'roles',
      config({ roles: ['wrker'] }),
      {},
      '"roles" is a list; it takes a list of one or more of "web", "scheduler", "worker".'
    ],
    ['no roles', config({ roles: [] }), {}, '"roles" is a list; it takes a list of one or more'],
    [
      'a release',
      config({ release: 1.5 }),
      {},
      '"release" is 1.5; it takes a whole number from 0 to 9007199254740991.'
    ],
    [
      'a zone',
      config({ defaults: { timezone: 'Mars/Base' } }),
      {},
      '"defaults.timezone" is "Mars/Base"; it takes an IANA time zone'
    ],
    [
      'a grace',
      config({ defaults: { misfireGrace: 'soon' } }),
      {},
      '"defaults.misfireGrace" is "soon"; it takes a duration'
    ],
    [
      'coalesce',
      config({ defaults: { coalesce: true } }),
      {},
      '"defaults.coalesce" is true; it takes "latest" or "earliest" or "all".'
    ],
    [
      'instances',
      config({ defaults: { maxInstances: 0 } }),
      {},
      '"defaults.maxInstances" is 0; it takes a whole number from 1 to 10000.'
    ],
    [
      'concurrency',
      config({ worker: { concurrency: '5' } }),
      {},
      '"worker.concurrency" is "5"; it takes a whole number from 1 to 10000.'
    ],
    [
      'queues',
      config({ worker: { queues: { mail: 0 } } }),
      {},
      '"worker.queues" is an object of Object; it takes queue names, each with a whole number'
    ],
    [
      'a lease',
      config({ lease: { ttl: 2 } }),
      {},
      '"lease.ttl" is 2; it takes a duration: whole milliseconds, or a text such as "90s" or "5m", at least 3 ms.'
    ],
    [
      'renewals',
      { lease: { ttl: '15s', renewEvery: '6s' } },
      {},
      '"lease.renewEvery" is 6000 ms with a "lease.ttl" of 15000 ms; it takes at most a third of it, 5000 ms.'
    ],
    [
      'synchronous',
      config({ sqlite: { synchronous: 'off' } }),
      {},
      '"sqlite.synchronous" is "off"; it takes "normal" or "full".'
    ],
    [
      'a logger',
      config({ logger: console.log }),
      {},
      '"logger" is a function; it takes false, or an object with the functions'
    ],
    ['a path alone', { database: 'app.db' }, {}, '"database" is "app.db"; it takes "sqlite:path"'],
    ['no path', { database: 'sqlite:' }, {}, '"database" is "sqlite:"; it takes "sqlite:path"'],
    ['a host', { database: 'sqlite://app.db' }, {}, '"database" is "sqlite://app.db"; it takes'],
    ['a query', { database: 'sqlite:app.db?mode=ro' }, {}, '"database" is "sqlite:app.db?mode=ro"; it takes'],
    [
      'SQLite in memory',
      { database: 'sqlite::memory:' },
      {},
      'it takes "sqlite:path", "sqlite:///absolute/path", "postgres://user:password@host:port/database", "pglite:path" or "memory:".'
    ],
    [
      'a PostgreSQL without a host',
      {},
      { DATABASE_URL: 'postgres:secret' },
      'DATABASE_URL is not an address of a PostgreSQL database; it takes "postgres://user:password@host:port/database"'
    ],
    [
      'a PostgreSQL address that is none',
      { database: 'postgres://u:secret#/@db:x/app' },
      {},
      '"database" is not an address of a PostgreSQL database'
    ],
    [
      'an address to listen at',
      { database: 'postgres://db/app', postgres: { listenUrl: 'redis://:secret@db' } },
      {},
      '"postgres.listenUrl" is not an address of a PostgreSQL database'
    ],
    [
      'a pool that is too small',
      { database: 'postgres://db/app', postgres: { poolSize: 2 } },
      {},
      '"postgres.poolSize" is 2; it takes a whole number from 3 to 1000.'
    ],
    [
      'MySQL',
      {},
      { ESCAPEMENT_DATABASE_URL: 'mysql://u:secret@db/x' },
      'ESCAPEMENT_DATABASE_URL has the scheme "mysql:", which'
    ],
    [
      'a role',
      {},
      { ESCAPEMENT_ROLES: 'web,wroker' },
      'ESCAPEMENT_ROLES names the role "wroker"; did you mean "worker"?'
    ],
    ['commas alone', {}, { ESCAPEMENT_ROLES: ',' }, 'ESCAPEMENT_ROLES is ","; it takes roles separated by commas'],
    ['a truth', {}, { ENABLE_SCHEDULER: 'maybe' }, 'ENABLE_SCHEDULER is "maybe"; it takes true or false'],
    [
      'a name of Object',
      {},
      { ENABLE_SCHEDULER: 'constructor' },
      'ENABLE_SCHEDULER is "constructor"; it takes true or false'
    ],
    [
      'a zone outside',
      {},
      { SCHEDULER_TIMEZONE: 'CEST-2' },
      'SCHEDULER_TIMEZONE is "CEST-2"; it takes an IANA time zone'
    ],
    [
      'coalesce outside',
      {},
      { SCHEDULER_COALESCE: 'newest' },
      'SCHEDULER_COALESCE is "newest"; it takes "latest", "earliest" or "all"'
    ],
    [
      'a grace outside',
      {},
      { SCHEDULER_MISFIRE_GRACE: '-1' },
      'SCHEDULER_MISFIRE_GRACE is "-1"; it takes a text such as "500ms"'
    ],
    [
      'seconds without their unit',
      {},
      { WORKER_INTERVAL: '30' },
      'WORKER_INTERVAL is "30"; it takes a text such as "500ms", "90s" or "1h30m", or whole milliseconds, from 1000 up. Write 30s for seconds, or 30ms for milliseconds.'
    ],
    [
      'a variable by its earlier name',
      {},
      { SCHEDULER_MISFIRE_GRACE_TIME: '300' },
      'SCHEDULER_MISFIRE_GRACE_TIME is now called SCHEDULER_MISFIRE_GRACE; it takes a text such as 500ms, 30s or 5m'
    ],
    [
      'a setting by its earlier name',
      { defaults: { misfireGraceTime: '5m' } as object },
      {},
      'has the unknown setting "misfireGraceTime"; did you mean "misfireGrace"?'
    ],
    [
      'instances outside',
      {},
      { SCHEDULER_MAX_INSTANCES: '1e3' },
      'SCHEDULER_MAX_INSTANCES is "1e3"; it takes a whole number from 1 to 10000.'
    ],
    [
      'a release outside',
      {},
      { ESCAPEMENT_RELEASE: 'v7' },
      'ESCAPEMENT_RELEASE is "v7"; it takes a whole number from 0'
    ],
    [
      'a level',
      {},
      { ESCAPEMENT_LOG_LEVEL: 'loud' },
      'ESCAPEMENT_LOG_LEVEL is "loud"; it takes "debug", "info", "warn", "error", "silent".'
    ],
    ...['mail', 'mail:0', 'mail:5,', ':5', 'mail:1,mail:2'].map(
      (text): [string, EscapementConfig, NodeJS.ProcessEnv, string] => [
        `queues outside: ${text}`,
        {},
        { WORKER_QUEUES: text },
        `WORKER_QUEUES is "${text}"; it takes queues, each with its concurrency, such as mail:5,reports:1.`
      ]
    ),
    [
      'concurrency outside',
      {},
      { WORKER_CONCURRENCY: '0' },
      'WORKER_CONCURRENCY is "0"; it takes a whole number from 1 to 10000.'
    ]
  ]
  test.each(cases)('%s', (_what, wrong, env, expected) => {
    const error = errorOf(() => resolveSettings(wrong, env))
    expect(isEscapementError(error, 'config-invalid')).toBe(true)
    expect((error as Error).message).toContain(expected)
    expect((error as Error).message).not.toContain('secret')
  })

  test('two tasks of one name, two schedules of one id', () => {
    const tasks = [mail, task('mail', { handler: () => undefined })]
    expect(errorOf(() => resolveSettings({ tasks }, {}))).toMatchObject({
      code: 'task-invalid',
      message: expect.stringContaining('"mail"')
    })
    const nightly = schedule('nightly', { task: mail, trigger: every('1h') })
    const error = errorOf(() => resolveSettings({ schedules: [nightly, nightly] }, {}))
    expect(error).toMatchObject({ code: 'schedule-invalid', message: expect.stringContaining('"nightly"') })
  })
})

function errorOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('it was taken as if nothing were wrong')
}
