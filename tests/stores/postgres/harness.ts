import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll } from 'vitest'

import type { Clock } from '../../../src/clock/clock.ts'
import { migratePostgres, openPostgresStore } from '../../../src/postgres.ts'
import type { PostgresStoreOptions } from '../../../src/postgres.ts'
import type { Store } from '../../../src/store/store.ts'
import type { StoreHarness } from '../../conformance/harness.ts'
import { freshName, serverUrl } from './server.ts'

/** How a store comes to the database, and where its open connections can be counted. */
export interface Route {
  readonly name: string
  readonly options: (schema: string) => Pick<PostgresStoreOptions, 'connection' | 'listenUrl' | 'packFrom'>
  /** A statement on `countedAt` with a row for each connection of stores, by the name of their application. */
  readonly counted: (schema: string) => { readonly at: string; readonly sql: string }
}

/** Stores have the name of their schema on every connection, so that those can be counted. */
export const named = (url: string, schema: string): string => `${url}?application_name=${schema}`

export const directly: Route = {
  name: 'postgres',
  options: schema => ({ connection: named(serverUrl(), schema) }),
  counted: schema => ({
    at: serverUrl(),
    sql: `SELECT application_name FROM pg_stat_activity WHERE application_name = '${schema}'`
  })
}

/** One schema for all tests of a file, emptied before each. Between the two every connection has to be gone. */
export function postgresHarness(route: Route): StoreHarness {
  const schema = freshName()
  const stores: Store[] = []
  const admin = client(serverUrl)
  const counter = client(() => route.counted(schema).at)
  let emptying = ''
  beforeAll(async () => {
    await migratePostgres({ connection: serverUrl(), schema })
    emptying = await emptyingOf(admin(), schema)
  })
  const open = async (clock: Clock): Promise<Store> => {
    const store = await openPostgresStore({ ...route.options(schema), schema, clock, poolSize: 3 })
    stores.push(store)
    return store
  }
  return {
    name: route.name,
    open: async clock => {
      await admin().query(emptying)
      return open(clock)
    },
    openBeside: (_, clock) => open(clock),
    assertNoLeaks: async () => {
      await Promise.all(stores.splice(0).map(store => store.close()))
      // The server learns of the end of a connection a moment later.
      for (let looks = 0; (await openConnections(counter(), route, schema)) > 0; looks++) {
        if (looks === 1_000) throw new Error('A connection to PostgreSQL was left open.')
        await sleep(5)
      }
    }
  }
}

async function openConnections(counter: Client, route: Route, schema: string): Promise<number> {
  const { rows } = await counter.query<{ application_name: string }>(route.counted(schema).sql)
  return rows.filter(({ application_name }) => application_name === schema).length
}

/** The statements that leave the books as the migrations make them. */
async function emptyingOf(admin: Client, schema: string): Promise<string> {
  const { rows } = await admin.query<{ tablename: string }>(
    `SELECT tablename FROM pg_tables WHERE schemaname = '${schema}' AND tablename NOT IN ('migration', 'store', 'routine')`
  )
  const deletions = rows.map(({ tablename }) => `DELETE FROM ${schema}.${tablename};`)
  return `${deletions.join('\n')} UPDATE ${schema}.store SET id = gen_random_uuid(), ledger_pruned_until = NULL, import_of = NULL, import_parts = NULL; ALTER SEQUENCE ${schema}.fence RESTART`
}

/** A connection of the tests' own, for the time of a file. */
function client(url: () => string): () => Client {
  let opened: Client | undefined
  beforeAll(async () => {
    opened = new Client({ connectionString: url() })
    await opened.connect()
  })
  afterAll(() => opened?.end())
  return () => opened!
}
