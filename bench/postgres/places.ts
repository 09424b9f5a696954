import { startPostgres, type PostgresServer } from '../servers/postgres.ts'
import { startRedis, type RedisServer } from '../servers/redis.ts'
import { query } from './contestants/sql.ts'
import type { Place } from './contestants/contestant.ts'

/** What all contestants of a bench share. */
export interface Places {
  readonly postgres: PostgresServer
  readonly redis: RedisServer
}

/** The servers of one run of the bench: started when they are first asked for. */
export class Servers {
  #started: Promise<Places> | undefined

  start(): Promise<Places> {
    this.#started ??= startBoth()
    return this.#started
  }

  async end(): Promise<void> {
    const places = await this.#started
    await Promise.all([places?.postgres.end(), places?.redis.end()])
  }
}

async function startBoth(): Promise<Places> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  return { postgres, redis }
}

let made = 0

/** An empty database for the use of it. */
export async function withPlace<T>({ postgres, redis }: Places, use: (place: Place) => Promise<T>): Promise<T> {
  const database = `bench_${(made += 1)}`
  const admin = postgres.url('postgres')
  await query(admin, `CREATE DATABASE ${database}`)
  try {
    return await use({ postgres: postgres.url(database), redis: redis.url })
  } finally {
    await query(admin, `DROP DATABASE ${database} WITH (FORCE)`)
  }
}
