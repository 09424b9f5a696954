import pg, { Client } from 'pg'
import { afterAll, inject } from 'vitest'

import { addressOf } from '../../../src/stores/postgres/connection/address.ts'
import { PostgresDatabase } from '../../../src/stores/postgres/connection/database.ts'
import { postgresUrl } from '../../services/postgres.ts'

const opened: PostgresDatabase[] = []
let number = 0

afterAll(async () => {
  for (const database of opened.splice(0)) await database.close()
})

/** The address of a database of this run's server, for its superuser. */
export const serverUrl = (database?: string): string => postgresUrl(inject('postgresPort'), database)

/** A name that no other test has. */
export const freshName = (): string => `t${process.pid}_${++number}`

/** Sends statements to the server, past everything of ours. */
export async function execute(sql: string, url = serverUrl()): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** The address of an empty database. */
export async function freshDatabase(): Promise<string> {
  const name = freshName()
  await execute(`CREATE DATABASE ${name}`)
  return serverUrl(name)
}

export interface Opening {
  readonly url?: string
  readonly schema?: string
  readonly poolSize?: number
  readonly operationTimeoutMs?: number
}

/** A pool on the server, closed at the end of the file; without a schema it is in one that is not there. */
export function openDatabase(opening: Opening = {}): PostgresDatabase {
  const { url = serverUrl(), schema = freshName(), poolSize = 3, operationTimeoutMs = 10_000 } = opening
  const database = new PostgresDatabase({
    driver: pg,
    address: addressOf(pg, url, schema),
    poolSize,
    operationTimeoutMs
  })
  opened.push(database)
  return database
}
