import { EscapementError } from '../../core/errors.ts'
import { POSTGRES_URL, urlProblem } from '../../core/options/url-problem.ts'
import type { StoreKind } from '../../store/kind.ts'

/** The URLs may hold a password: never show them as they are. */
export interface PostgresAddress {
  readonly kind: 'postgres'
  readonly url: string
  readonly schema: string
  readonly poolSize: number
  readonly listenUrl: string | undefined
}

const MAX_QUERY_MS = 10_000
/** A renewal without a response is given up while there is time for another one. */
const QUERY_PART_OF_LEASE = 2 / 3

export const postgresKind: StoreKind<PostgresAddress> = {
  schemes: POSTGRES_URL.schemes,
  examples: [POSTGRES_URL.example],
  reach: 'network',
  settings: ['postgres'],
  clock: 'database',
  read: (url, { setting, schema, poolSize, listenUrl }) => {
    assertPostgresUrl(url, setting)
    if (listenUrl !== undefined) assertPostgresUrl(listenUrl, '"postgres.listenUrl"')
    return { kind: 'postgres', url, schema, poolSize, listenUrl }
  },
  shown,
  location: address => `${shown(address)}, schema ${address.schema}`,
  key: ({ url, schema }) => `${url} ${schema}`,
  // Its pool and the listening connection both count against `max_connections`.
  connections: ({ poolSize }) => poolSize + 1,
  open: async ({ url, schema, poolSize, listenUrl }, { leaseTtlMs, signal, onOlderNodes }) => {
    const { openPostgresStore } = await import('./store.ts')
    const operationTimeoutMs = Math.min(MAX_QUERY_MS, Math.floor(leaseTtlMs * QUERY_PART_OF_LEASE))
    const listening = listenUrl !== undefined && { listenUrl }
    return openPostgresStore({
      connection: url,
      schema,
      poolSize,
      operationTimeoutMs,
      leaseTtlMs,
      onOlderNodes,
      signal,
      ...listening
    })
  },
  exists: async address => (await inspect(address)).some(({ appliedAt }) => appliedAt !== undefined),
  inspect,
  migrate: async ({ url, schema }, { leaseTtlMs, onOlderNodes }) => {
    const { migratePostgres } = await import('./open.ts')
    return migratePostgres({ connection: url, schema, leaseTtlMs, onOlderNodes })
  },
  migrationSql: async ({ schema }, after) => {
    const { migrationSql } = await import('./schema/migration-sql.ts')
    return migrationSql(schema, after)
  }
}

async function inspect({ url, schema }: PostgresAddress) {
  const { inspectPostgres } = await import('./open.ts')
  return inspectPostgres({ connection: url, schema })
}

function shown({ url }: PostgresAddress): string {
  const { username, host, pathname } = new URL(url)
  return `postgres://${username === '' ? '' : `${username}@`}${host}${pathname}`
}

/** @throws EscapementError `config-invalid`, which does not repeat the URL. */
function assertPostgresUrl(url: string, setting: string): void {
  const problem = urlProblem(url, POSTGRES_URL)
  if (problem === undefined) return
  throw new EscapementError(
    'config-invalid',
    `${setting} is not an address of a PostgreSQL database; it takes ${POSTGRES_URL.example}, with %-codes for special characters in the password. ${problem}.`
  )
}
