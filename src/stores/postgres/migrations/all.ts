import type { Migration } from '../../sql/migration.ts'
import { books } from './001_books.ts'
import { layouts } from './002_layouts.ts'

/** Tables, indexes, and what they hold at first. Functions and views are routines. */
export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'books',
    minCompatible: 1,
    // It made the routines too, before these were apart.
    formerChecksums: ['a00b8fa35596452c57ebdd0c94984a447889b9caf17cdc9ee582411fc181df3d'],
    sql: books
  },
  { number: 2, name: 'layouts', minCompatible: 1, sql: layouts }
]
