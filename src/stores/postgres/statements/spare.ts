import type { AttemptKey } from '../../../core/job/job.ts'
import { isHeldByOthers } from '../errors.ts'
import type { Books, Statement } from '../sql.ts'

/** A free row may be held by the time it is written. After this many tries it fails with `store-busy`. */
const MAX_TRIES = 4

export interface Spared {
  readonly written: Set<string>
  /** Ids of those that others hold. */
  readonly held: Set<string>
}

/**
 * Writes what nobody else holds. `write` must fail without writing anything where it would have to wait for another
 * transaction. Then the held items are looked up, and the others are written without them.
 */
export async function sparing<Item extends { readonly id: string }>(
  items: readonly Item[],
  write: (free: readonly Item[]) => Promise<Set<string>>,
  heldOf: (items: readonly Item[]) => Promise<readonly string[]>
): Promise<Spared> {
  const held = new Set<string>()
  let free = items
  for (let tries = 1; ; tries++) {
    try {
      return { written: await write(free), held }
    } catch (error) {
      if (!isHeldByOthers(error) || tries === MAX_TRIES) throw error
    }
    for (const id of await heldOf(free)) held.add(id)
    free = free.filter(({ id }) => !held.has(id))
  }
}

const HELD_ATTEMPTS: Statement = { text: 'SELECT * FROM {books}.held_attempts($1, $2)' }

/** Ids of the jobs whose attempts another transaction holds. */
export async function heldAttempts({ database }: Books, attempts: readonly AttemptKey[]): Promise<string[]> {
  if (attempts.length === 0) return []
  const values = [attempts.map(({ id }) => id), attempts.map(({ fence }) => fence)]
  return (await database.query<[string]>(HELD_ATTEMPTS, values)).map(([id]) => id)
}
