import { Client } from 'pg'
import { afterEach } from 'vitest'

import { openPostgresStore } from '../../../src/postgres.ts'
import type { PostgresStoreOptions } from '../../../src/postgres.ts'
import type { Store } from '../../../src/store/store.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { START } from '../../conformance/suite.ts'
import { named } from './harness.ts'
import { freshName, serverUrl } from './server.ts'

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

export interface FreshStore {
  readonly store: Store
  readonly clock: ManualClock
  /** Connections of stores have its name. */
  readonly schema: string
  readonly beside: () => Promise<Store>
}

/** Empty books in a schema of their own. What is opened on them is closed with the test. */
export async function freshStore(options: Pick<PostgresStoreOptions, 'packFrom'> = {}): Promise<FreshStore> {
  const schema = freshName()
  const clock = new ManualClock(START)
  const open = async (): Promise<Store> => {
    const store = await openPostgresStore({ connection: named(serverUrl(), schema), schema, clock, ...options })
    closing.push(() => store.close())
    return store
  }
  return { store: await open(), clock, schema, beside: open }
}

/** A connection past the store, in the schema of its books. */
export async function intruder(schema: string): Promise<Client> {
  const client = new Client({ connectionString: serverUrl(), options: `-c search_path=${schema}` })
  await client.connect()
  closing.push(() => client.end())
  return client
}

/** Resolves when so many connections of the books' stores wait for a lock that somebody else holds. */
export async function untilBlocked(client: Client, schema: string, connections = 1): Promise<void> {
  const sql = `SELECT FROM pg_stat_activity WHERE application_name = '${schema}' AND wait_event_type = 'Lock'`
  // Within a transaction it would show again what it showed first.
  do await client.query('SELECT pg_stat_clear_snapshot()')
  while ((await client.query(sql)).rowCount! < connections)
}
