import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const src = join(import.meta.dirname, 'src')
/** It keeps the machine busy for a minute, and wants it for itself. */
const alone = ['tests/e2e/postgres/chaos.test.ts']
/** What takes long for what it adds. `npm test` leaves it to `npm run test:matrix`, which has it on every PostgreSQL. */
export const long = [
  'tests/browser/ship-tracker-processes.test.ts',
  'tests/cli/app.test.ts',
  'tests/cli/attw.test.ts',
  'tests/cli/books.test.ts',
  'tests/cli/books/redacted.test.ts',
  'tests/cli/config.test.ts',
  'tests/cli/owners.test.ts',
  'tests/cli/publint.test.ts',
  'tests/cli/show/audit.test.ts',
  'tests/cli/show/preview.test.ts',
  'tests/contract/fuzz.test.ts',
  'tests/core/trigger/zone/every-zone.test.ts',
  'tests/first-minute.test.ts',
  'tests/simulation/month-2.test.ts',
  'tests/simulation/month-3.test.ts',
  'tests/simulation/month-4.test.ts',
  'tests/bench/quick.test.ts',
  'tests/e2e/compare.test.ts',
  'tests/e2e/control-centre.test.ts',
  'tests/e2e/failed-starts.test.ts',
  'tests/e2e/four-processes.test.ts',
  'tests/e2e/restarts.test.ts',
  'tests/e2e/ship-tracker-managed.test.ts',
  'tests/packages/bundlers.test.ts',
  'tests/packages/declarations.test.ts',
  'tests/packages/frameworks.test.ts',
  'tests/packages/jest.test.ts',
  'tests/packages/next.test.ts',
  'tests/packages/runtimes.test.ts',
  'tests/packages/small.test.ts',
  'tests/stores/pglite/conformance.test.ts',
  'tests/stores/pglite/store.test.ts',
  'tests/stores/postgres/model.test.ts',
  'tests/stores/postgres/sparing.test.ts',
  // Through PgBouncer the same tests take a fifth of the time: its connections stay warm.
  'tests/stores/postgres/conformance.test.ts'
]
/** Tests on real servers; they find a PostgreSQL ready for them. */
export const onServers = [
  'tests/stores/postgres/**/*.test.ts',
  'tests/**/*.postgres.test.ts',
  'tests/**/redis-*.test.ts'
]

/**
 * A time-out is there to end what hangs, and never to say that something was slow: on a machine that others use as well
 * everything takes many times longer.
 */
const PATIENCE_MS = 300_000

export default defineConfig({
  resolve: {
    alias: [
      { find: /^escapement$/, replacement: join(src, 'index.ts') },
      {
        find: /^escapement\/(express|fastify|hono|koa|nest|next|postgres|sqlite|testing)$/,
        replacement: join(src, '$1.ts')
      }
    ]
  },
  test: {
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    // By default one core is left idle, which is half of a small machine.
    maxWorkers: '100%',
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**', 'tests/browser/**', ...onServers, ...long]
        }
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: onServers,
          exclude: ['tests/e2e/**', ...long],
          globalSetup: 'tests/services/global-setup.ts'
        }
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts', 'tests/browser/**/*.test.ts'],
          exclude: [...alone, ...long],
          globalSetup: 'tests/services/global-setup.ts',
          // After the others: these start processes that want the processor, and mostly wait for them.
          sequence: { groupOrder: 1 }
        }
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: long,
          globalSetup: 'tests/services/global-setup.ts'
        }
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          globalSetup: 'tests/services/global-setup.ts',
          fileParallelism: false,
          sequence: { groupOrder: 2 }
        }
      }
    ]
  }
})
