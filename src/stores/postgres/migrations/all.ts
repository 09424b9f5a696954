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
    formerChecksums: ['50d90dc16377da4cc62389e23dc2aedc137ddd3186c72bec1a63f8151389a8e4'],
    sql: books
  },
  { number: 2, name: 'layouts', minCompatible: 1, sql: layouts }
]
