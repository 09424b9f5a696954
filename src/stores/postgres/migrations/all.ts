import type { Migration } from '../../sql/migration.ts'
import { books } from './001_books.ts'
import { layouts } from './002_layouts.ts'
import { snoozesAndKeys } from './003_snoozes_and_keys.ts'
import { notesClocksRedactions } from './004_notes_clocks_redactions.ts'
import { counts } from './005_counts.ts'
import { auditAndAccess } from './006_audit_and_access.ts'
import { alerts } from './007_alerts.ts'
import { lists } from './008_lists.ts'

/** Tables, indexes, and their initial rows. Functions and views are routines. */
export const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'books',
    minCompatible: 1,
    // It also created the routines, before these were separated.
    formerChecksums: ['de4ad4f9fbd86b52cfe7b6f5da9d3a1c908597c26de63ff1aa88474ade60b60e'],
    sql: books
  },
  { number: 2, name: 'layouts', minCompatible: 1, sql: layouts },
  { number: 3, name: 'snoozes and keys', minCompatible: 1, sql: snoozesAndKeys },
  { number: 4, name: 'notes, clocks, redactions', minCompatible: 1, sql: notesClocksRedactions },
  { number: 5, name: 'counts', minCompatible: 1, sql: counts },
  { number: 6, name: 'audit and access', minCompatible: 1, sql: auditAndAccess },
  { number: 7, name: 'alerts', minCompatible: 1, sql: alerts },
  { number: 8, name: 'lists', minCompatible: 1, sql: lists }
]
