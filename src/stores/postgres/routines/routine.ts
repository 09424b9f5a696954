import { createHash } from 'node:crypto'
import { withoutComments } from '../../sql/migration.ts'

/**
 * A function or view of the books. It stores nothing, and is re-created if its text differs. Nodes of the
 * previous release still call it, so its parameters, columns and meaning must not change. A routine with another
 * meaning gets another name, and the old one stays as long as a release that calls it may use the books.
 */
export interface Routine {
  readonly name: string
  readonly kind: 'function' | 'view'
  /** `CREATE OR REPLACE …`. */
  readonly sql: string
  readonly hash: string
}

const HEAD = /^CREATE OR REPLACE (FUNCTION|VIEW) (\w+)/m

export function routineOf(sql: string): Routine {
  const [, kind, name] = HEAD.exec(sql) ?? []
  if (kind === undefined || name === undefined) throw new Error(`This makes neither a function nor a view: ${sql}`)
  return { name, kind: kind === 'VIEW' ? 'view' : 'function', sql, hash: hashOf(withoutComments(sql)) }
}

/** The digest of all routines: it identifies an edition. */
export const digestOf = (routines: readonly Routine[]): string =>
  hashOf(routines.map(({ name, hash }) => `${name} ${hash}`).join('\n'))

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
