import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { openPostgresStore } from '../../../src/postgres.ts'
import { openSqliteStore } from '../../../src/sqlite.ts'
import { systemClock } from '../../../src/clock/system.ts'
import type { Store } from '../../../src/store/store.ts'
import { nodeRecord, newJob } from '../../conformance/fixtures.ts'
import { startPgBouncer } from '../../services/pgbouncer.ts'
import { postgresUrl } from '../../services/postgres.ts'
import { startRedis } from '../../services/redis.ts'
import { emptyFolder, runCli, runJson } from '../run-cli.ts'

interface Answer {
  readonly ok: boolean
  readonly findings: readonly { readonly check: string; readonly severity: string; readonly what: string }[]
}

const process1 = nodeRecord({ host: hostname(), pid: process.pid, roles: ['web', 'scheduler', 'worker'] })

/** Books in a file with one process that lives, as its lease says. */
async function booksInFile(plant: (store: Store) => Promise<unknown> = async () => undefined): Promise<string> {
  const file = join(emptyFolder(), 'books.db')
  const store = await openSqliteStore({ file, clock: systemClock })
  await store.join(process1)
  await plant(store)
  await store.close()
  return `sqlite:${file}`
}

const checksOf = ({ findings }: Answer): string[] => findings.map(({ check }) => check)

async function examined(
  url: string,
  env: Readonly<Record<string, string>> = {}
): Promise<Answer & { status: unknown }> {
  const { status, answer } = await runJson<Answer>(['doctor', '--database', url], { env })
  return { status, ...answer }
}

describe('doctor, on books in a file', () => {
  test('is silent on a sound deployment', async () => {
    const url = await booksInFile()
    expect(await examined(url)).toEqual({ status: 0, ok: true, findings: [] })
    const { stdout, status } = await runCli(['doctor', '--database', url])
    expect({ stdout, status }).toEqual({ stdout: 'Sound: nothing was found.\n', status: 0 })
  })

  test('finds that nobody schedules, and says what fixes it', async () => {
    const url = await booksInFile(store => store.leave(process1.id))
    const answer = await examined(url)
    expect([answer.status, answer.ok, checksOf(answer)]).toEqual([1, false, ['scheduler-missing']])
    const { stdout } = await runCli(['doctor', '--database', url])
    expect(stdout).toContain('fix: escapement start')
  })

  test('finds jobs of a task that nobody knows', async () => {
    const url = await booksInFile(store => store.enqueue([newJob({ task: 'forgotten' })]))
    expect(checksOf(await examined(url))).toEqual(['tasks-unknown'])
  })

  test('finds a second scheduler where the topology means one', async () => {
    const url = await booksInFile(store => store.join({ ...process1, id: 'node-b', pid: 1 }))
    expect(checksOf(await examined(url, { ESCAPEMENT_TOPOLOGY: 'dedicated' }))).toEqual(['schedulers-several'])
    expect(checksOf(await examined(url, { ESCAPEMENT_TOPOLOGY: 'everywhere' }))).toEqual([])
  })

  test('finds a lock that cannot be', async () => {
    const url = await booksInFile()
    const answer = await examined(url, { LOCK_PATH: '/etc/hostname/primary.lock' })
    expect(checksOf(answer)).toEqual(['lock-unusable'])
    const folder = join(emptyFolder(), 'locks')
    mkdirSync(folder)
    expect(checksOf(await examined(url, { LOCK_PATH: join(folder, 'primary.lock') }))).toEqual([])
  })

  test('finds a Redis that may throw locks away, and one that is not there', async () => {
    const url = await booksInFile()
    const redis = await startRedis(['--maxmemory-policy', 'allkeys-lru'])
    const env = { ESCAPEMENT_COORDINATION: 'redis', REDIS_URL: redis.url }
    try {
      expect(checksOf(await examined(url, env))).toEqual(['redis-evicts'])
    } finally {
      await redis.stop()
    }
  })

  test('notes that the API asks for no credentials in production', async () => {
    const url = await booksInFile()
    const answer = await examined(url, { NODE_ENV: 'production' })
    expect([answer.status, checksOf(answer)]).toEqual([0, ['api-without-credentials']])
    expect(await examined(url, { NODE_ENV: 'production', SCHEDULER_API_TOKEN: 'a-secret-of-the-tests' })).toMatchObject(
      {
        findings: []
      }
    )
  })
})

describe('doctor, on books in PostgreSQL', () => {
  const schema = `doctor_${process.pid}`
  const env = { ESCAPEMENT_DATABASE_SCHEMA: schema }

  beforeAll(async () => {
    const store = await openPostgresStore({ connection: postgresUrl(inject('postgresPort')), schema })
    await store.join(process1)
    await store.close()
  })

  // The server of the tests gives its commits to nobody's disk, which is the fault that is planted here.
  test('finds commits that a power cut takes back', async () => {
    const answer = await examined(postgresUrl(inject('postgresPort')), env)
    expect(checksOf(answer)).toEqual(['durability-off'])
    expect(answer.findings[0]!.what).toContain('fsync = off')
  })

  test('finds a pooler that wakes have no way around', async () => {
    const bouncer = await startPgBouncer(inject('postgresPort'))
    try {
      expect(checksOf(await examined(bouncer.url(), env))).toEqual(['durability-off', 'pooler-in-between'])
    } finally {
      await bouncer.stop()
    }
  })
})
