import { choice, duration, text, whole } from '../kinds/kind.ts'
import { row } from '../row.ts'

export const sqlite = {
  /**
   * What commits survive: `normal` a `kill -9`, `full` a power cut too.
   * @default 'normal'
   */
  synchronous: row({
    kind: choice('normal', 'full'),
    default: 'normal',
    meaning: 'What commits survive: with normal a killed process, with full also a power cut'
  })
}

export const postgres = {
  /**
   * The schema that holds the books.
   * @default `ESCAPEMENT_DATABASE_SCHEMA`, else `escapement`
   */
  schema: row({
    kind: text('the name of a schema, such as "escapement"'),
    default: 'escapement',
    meaning: 'The schema of the books in a PostgreSQL database',
    variables: { ESCAPEMENT_DATABASE_SCHEMA: { example: 'escapement' } }
  }),
  /**
   * The most connections that this process opens, 3 or more; one more listens.
   * @default 5
   */
  poolSize: row({
    kind: whole(3, 1_000),
    default: 5,
    meaning: 'The most connections to PostgreSQL that one process opens; one more listens'
  }),
  /**
   * A database address that bypasses a pooler such as PgBouncer. Through a pooler, writes of others are found only by
   * polling.
   * @default the address of the database
   */
  listenUrl: row({
    kind: text('a text such as "postgres://…"'),
    meaning: 'A database address that bypasses a pooler such as PgBouncer, to hear of writes of others',
    isSecret: true
  })
}

export const retention = {
  /**
   * How long rows of the ledger are kept.
   * @default 90 days
   */
  ledger: row({ kind: duration(), default: 90 * 86_400_000, meaning: 'How long rows of the ledger are kept' }),
  /**
   * How long cancelled and discarded jobs are kept.
   * @default 30 days
   */
  unsuccessful: row({
    kind: duration(),
    default: 30 * 86_400_000,
    meaning: 'How long cancelled and discarded jobs are kept'
  }),
  /**
   * How long entries of the audit are kept.
   * @default 365 days
   */
  audit: row({ kind: duration(), default: 365 * 86_400_000, meaning: 'How long entries of the audit are kept' })
}
