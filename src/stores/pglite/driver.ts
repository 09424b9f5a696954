import type { PGlite } from '@electric-sql/pglite'
import { loadPeer } from '../../peers/optional-peer.ts'

export async function createDatabase(folder: string | undefined): Promise<PGlite> {
  const { PGlite: Database } = await loadPeer<typeof import('@electric-sql/pglite')>({
    name: '@electric-sql/pglite',
    purpose: 'Books in PGlite',
    code: 'store-unavailable'
  })
  return Database.create(folder ?? 'memory://')
}
