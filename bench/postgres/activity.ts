import type { Counters } from '../node/idle.ts'
import { query } from './contestants/sql.ts'
import type { RunningServers } from './servers.ts'

interface Row {
  readonly queries: number
  readonly databaseMs: number
}

/**
 * What was asked of a database since it was made: how many transactions, and how long its sessions worked. Asked of
 * another one. A session tells the statistics about once a second, so that one or two of its latest queries may be
 * missing; what it did before it went quiet it tells ten seconds later.
 */
export async function databaseActivity({ postgres }: RunningServers, url: string): Promise<Counters> {
  const name = new URL(url).pathname.slice(1)
  const [row] = await query<Row>(
    postgres.url(),
    `SELECT (xact_commit + xact_rollback)::float8 AS queries, (to_jsonb(s) ->> 'active_time')::float8 AS "databaseMs"
     FROM pg_stat_database s WHERE datname = '${name}'`
  )
  return { ...row }
}
