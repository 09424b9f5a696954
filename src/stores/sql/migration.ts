import { createHash } from 'node:crypto'
import { dated } from '../../core/dated.ts'
import { EscapementError } from '../../core/errors.ts'
import type { MigrationState } from '../../store/kind.ts'

export interface Migration {
  /** Counted from 1, without gaps. The same number means the same in every SQL store. */
  readonly number: number
  readonly name: string
  /**
   * A release that knows this many migrations may still work on books that have this one: rolling deployments need
   * that.
   */
  readonly minCompatible: number
  /** One or several statements. They never change once published: a later migration corrects them. */
  readonly sql: string
  /** Checksums of wordings that led to the same tables: books made with one of them need no migration. */
  readonly formerChecksums?: readonly string[]
}

/** A row of the table of migrations. */
export interface AppliedMigration {
  readonly number: number
  readonly name: string
  readonly checksum: string
  readonly minCompatible: number
  readonly appliedAt: number
}

/** Comments in a statement may be reworded at any time. */
export const withoutComments = (sql: string): string => sql.replaceAll(/^[ \t]*--.*\n/gm, '')

export const checksumOf = ({ number, name, sql }: Migration): string =>
  createHash('sha256')
    .update(`${number}\n${name}\n${withoutComments(sql)}`)
    .digest('hex')

/** How many migrations a release must know to work with these. */
export const neededBy = (migrations: readonly Pick<Migration, 'minCompatible'>[]): number =>
  Math.max(0, ...migrations.map(({ minCompatible }) => minCompatible))

/**
 * Lists the applied and the pending migrations in order. It includes migrations of a newer release if this one may work
 * alongside it. Errors name `books`.
 *
 * @throws EscapementError `migration-mismatch`
 */
export function statesOf(
  books: string,
  applied: readonly AppliedMigration[],
  known: readonly Migration[]
): MigrationState[] {
  for (const row of applied) assertFits(books, row, known)
  const ours = known.map(({ number, name }, index) => ({ number, name, appliedAt: applied[index]?.appliedAt }))
  const newer = applied.slice(known.length)
  return [...ours, ...newer].map(({ number, name, appliedAt }) => ({ number, name, ...dated({ appliedAt }) }))
}

function assertFits(books: string, row: AppliedMigration, known: readonly Migration[]): void {
  const { number, name, checksum, minCompatible } = row
  const ours = known[number - 1]
  if (ours === undefined && minCompatible > known.length)
    throw mismatch(
      books,
      `migration ${number} (${name}) was applied by a newer release, and a release that knows ${known.length} can't work with it`
    )
  if (ours !== undefined && checksumOf(ours) !== checksum && ours.formerChecksums?.includes(checksum) !== true)
    throw mismatch(books, `migration ${number} (${name}) was applied with another text than this release has`)
}

export const mismatch = (books: string, problem: string): EscapementError =>
  new EscapementError('migration-mismatch', `${books} does not fit: ${problem}.`)
