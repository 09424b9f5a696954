import { createHash } from 'node:crypto'
import { withoutComments } from '../../sql/migration.ts'

/**
 * A function or view of the books: it keeps nothing, and is made anew wherever its text is another. Nodes of the release
 * before go on calling it: so its parameters, its columns and its meaning stay. What means something else has another name,
 * and the previous one stays as long as a release that calls it may work on the books.
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

/** Of all routines together: what an edition is known by. */
export const digestOf = (routines: readonly Routine[]): string =>
  hashOf(routines.map(({ name, hash }) => `${name} ${hash}`).join('\n'))

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
