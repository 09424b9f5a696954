import type { AttemptKey } from '../../../core/job/job.ts'
import type { Books, Statement } from '../sql.ts'

const UNPACK: Statement = { name: 'unpack_attempts', text: 'SELECT {books}.unpack_attempts($1, $2)' }

/** Fails with a lock's time-out where it would have to wait for another transaction. */
export const UNPACK_SOON: Statement = {
  name: 'unpack_attempts_soon',
  text: 'SELECT {books}.unpack_attempts_soon($1, $2)'
}

/** As in routines/pack.ts: the bit above the position. */
export const isPacked = ({ fence }: Pick<AttemptKey, 'fence'>): boolean => fence % 2048 >= 1024

/** Turns packed jobs of current attempts into rows. */
export async function unpack(
  books: Books,
  attempts: readonly AttemptKey[],
  statement: Statement = UNPACK
): Promise<void> {
  const packed = attempts.filter(isPacked)
  if (packed.length === 0) return
  const values = [packed.map(({ id }) => id), packed.map(({ fence }) => fence)]
  await books.database.query(statement, values)
}
