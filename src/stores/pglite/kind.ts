import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { MigrationState, StoreKind } from '../../store/kind.ts'
import type { Database } from '../postgres/sql.ts'

export interface PgliteAddress {
  readonly kind: 'pglite'
  /** An absolute path; undefined: in memory. */
  readonly folder: string | undefined
  readonly schema: string
}

export const pgliteKind: StoreKind<PgliteAddress> = {
  schemes: ['pglite'],
  examples: ['"pglite:path"'],
  reach: 'process',
  clock: 'database',
  read: (url, { schema }) => {
    const path = url.slice('pglite:'.length)
    if (path.startsWith('//') || /[?#\0]/.test(path)) return undefined
    return { kind: 'pglite', folder: path === '' ? undefined : resolve(path), schema }
  },
  shown: ({ folder }) => `pglite:${folder ?? ''}`,
  location: ({ folder }) => `PGlite (${folder ?? 'memory'})`,
  key: ({ folder, schema }) => (folder === undefined ? undefined : `pglite ${folder} ${schema}`),
  open: async ({ folder, schema }) => {
    const { openPgliteStore } = await import('./store.ts')
    return openPgliteStore({ ...(folder !== undefined && { folder }), schema })
  },
  exists: async address => (await inspect(address)).some(({ appliedAt }) => appliedAt !== undefined),
  inspect,
  migrate: async address => {
    const { migrate } = await import('../postgres/schema/migrate.ts')
    return onDatabase(address, migrate)
  }
}

async function inspect(address: PgliteAddress): Promise<readonly MigrationState[]> {
  const { migrationStates } = await import('../postgres/schema/migrate.ts')
  const isThere = address.folder !== undefined && existsSync(address.folder)
  return onDatabase(isThere ? address : { ...address, folder: undefined }, migrationStates)
}

async function onDatabase<T>({ folder, schema }: PgliteAddress, use: (database: Database) => Promise<T>): Promise<T> {
  const { openDatabase } = await import('./store.ts')
  const database = await openDatabase(folder, schema)
  try {
    return await use(database)
  } finally {
    await database.close()
  }
}
