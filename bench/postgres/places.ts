import { withPostgres, type PostgresServer } from '../servers/postgres.ts'
import { withRedis } from '../servers/redis.ts'
import { query } from './contestants/sql.ts'
import type { Place } from './contestants/contestant.ts'

/** The servers that all contestants of a bench share. */
export interface Servers {
  readonly postgres: PostgresServer
  readonly redis: string
}

export const withServers = <T>(use: (servers: Servers) => Promise<T>): Promise<T> =>
  withPostgres(postgres => withRedis(redis => use({ postgres, redis })))

let made = 0

/** An empty database for the use of it. */
export async function withPlace<T>({ postgres, redis }: Servers, use: (place: Place) => Promise<T>): Promise<T> {
  const database = `bench_${(made += 1)}`
  const admin = postgres.url('postgres')
  await query(admin, `CREATE DATABASE ${database}`)
  try {
    return await use({ postgres: postgres.url(database), redis })
  } finally {
    await query(admin, `DROP DATABASE ${database} WITH (FORCE)`)
  }
}
