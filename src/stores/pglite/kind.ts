import { resolve } from 'node:path'
import type { StoreKind } from '../../store/kind.ts'

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
  settings: ['postgres.schema'],
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
  }
}
