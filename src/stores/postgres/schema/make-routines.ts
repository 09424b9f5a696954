import type { Routine } from '../routines/routine.ts'
import type { Sql, Statement, Transaction } from '../sql.ts'

/** The routines of a release. */
export interface RoutineSet {
  readonly routines: readonly Routine[]
  /** Orders releases by their routines. */
  readonly edition: number
}

const READ: Statement = { text: 'SELECT name, hash, edition FROM {books}.routine' }

/** The routines that the books lack or have with another text. Those made by a later edition are left alone. */
export async function olderRoutines(sql: Sql, { routines, edition }: RoutineSet): Promise<readonly Routine[]> {
  const rows = await sql.query<[name: string, hash: string, edition: number]>(READ)
  const made = new Map(rows.map(([name, hash, by]) => [name, { hash, by }]))
  return routines.filter(({ name, hash }) => {
    const there = made.get(name)
    return there === undefined || (there.hash !== hash && there.by <= edition)
  })
}

/**
 * Runs within the transaction and lock of the migrations. A call in progress ends with the old text; the next call of
 * any process, of any release, uses the new one. Routines that this release no longer has stay, because older nodes may
 * call them. A migration drops them when no release that may work with it needs them.
 */
export async function makeRoutines(tx: Transaction, set: RoutineSet): Promise<void> {
  for (const routine of await olderRoutines(tx, set)) {
    await tx.query({ text: routine.sql })
    await tx.query({ text: replaceRoutine(routine, set.edition) })
  }
}

export const replaceRoutine = ({ name, hash }: Routine, edition: number): string =>
  `INSERT INTO routine (name, hash, edition, made_at) VALUES ('${name}', '${hash}', ${edition}, now_ms()) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, edition = excluded.edition, made_at = excluded.made_at`

/** For statements that are run by hand. */
export const refuseOlder = (edition: number): string => `
DO $$
BEGIN
  IF EXISTS (SELECT FROM routine WHERE edition > ${edition}) THEN
    RAISE EXCEPTION 'the routines of these books are those of a newer release';
  END IF;
END
$$;`

/** The names to look for. */
export const namesOf = (routines: readonly Routine[], kind: Routine['kind']): string[] =>
  routines.filter(routine => routine.kind === kind).map(({ name }) => name)
