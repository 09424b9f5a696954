import type { PGlite } from '@electric-sql/pglite'
import { EscapementError } from '../../core/errors.ts'

/** `@electric-sql/pglite` is an optional peer: it is loaded only when a store is opened. */
export async function createDatabase(folder: string | undefined): Promise<PGlite> {
  return (await loadDriver()).PGlite.create(folder ?? 'memory://')
}

async function loadDriver(): Promise<typeof import('@electric-sql/pglite')> {
  try {
    return await import('@electric-sql/pglite')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new EscapementError(
      'store-unavailable',
      'Books in PGlite need the package "@electric-sql/pglite": npm install @electric-sql/pglite',
      { cause }
    )
  }
}
