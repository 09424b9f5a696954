import { EscapementError } from '../../../core/errors.ts'

export type Driver = Pick<typeof import('pg'), 'Client' | 'Pool'>

/** `pg` is an optional peer: it is loaded only when a store is opened. */
export async function loadDriver(): Promise<Driver> {
  try {
    return (await import('pg')).default
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new EscapementError('store-unavailable', 'Books in PostgreSQL need the package "pg": npm install pg', {
      cause
    })
  }
}
