import { existsSync } from 'node:fs'
import { ensurePrograms } from '../../scripts/apt.ts'
import { findProgram } from '../../tests/services/find-program.ts'
import { type PostgresServer, startPostgres } from '../../tests/services/postgres.ts'
import { type RedisServer, startRedis } from '../../tests/services/redis.ts'
import type { Addresses } from './contestants/contestant.ts'
import { query } from './contestants/sql.ts'

/** What all contestants of a bench share. */
export interface RunningServers {
  readonly postgres: PostgresServer
  readonly redis: RedisServer
}

/**
 * Durability as it is by default, which tests do without; beyond the defaults memory as a server of this use has it,
 * and connections for four processes of every contestant.
 */
const SETTINGS = {
  fsync: 'on',
  full_page_writes: 'on',
  deadlock_timeout: '1s',
  shared_buffers: '512MB',
  max_connections: '300'
}

/** The servers of one run of the bench: started when they are first asked for. */
export class Servers {
  #started: Promise<RunningServers> | undefined

  start(): Promise<RunningServers> {
    this.#started ??= startBoth()
    return this.#started
  }

  async end(): Promise<void> {
    const servers = await this.#started
    await Promise.all([servers?.postgres.remove(), servers?.redis.stop()])
  }
}

async function startBoth(): Promise<RunningServers> {
  if (findProgram('initdb') === undefined) ensurePrograms([{ command: 'pg_createcluster', package: 'postgresql' }])
  ensurePrograms([{ command: 'redis-server', package: 'redis-server' }])
  // Where /tmp is memory, nothing waits for a disk.
  if (existsSync('/var/tmp')) process.env['TMPDIR'] ??= '/var/tmp'
  const [postgres, redis] = await Promise.all([startPostgres(SETTINGS), startRedis()])
  return { postgres, redis }
}

let made = 0

/** An empty database for the use of it. */
export async function withAddresses<T>(
  { postgres, redis }: RunningServers,
  use: (addresses: Addresses) => Promise<T>
): Promise<T> {
  const database = `bench_${(made += 1)}`
  await query(postgres.url(), `CREATE DATABASE ${database}`)
  try {
    return await use({ postgres: postgres.url(database), redis: redis.url })
  } finally {
    await query(postgres.url(), `DROP DATABASE ${database} WITH (FORCE)`)
  }
}
