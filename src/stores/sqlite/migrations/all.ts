import type { Migration } from '../../sql/migration.ts'
import { books } from './001_books.ts'
import { layouts } from './002_layouts.ts'
import { snoozesAndKeys } from './003_snoozes_and_keys.ts'
import { notesClocksRedactions } from './004_notes_clocks_redactions.ts'
import { alerts } from './005_alerts.ts'

export const migrations: readonly Migration[] = [
  { number: 1, name: 'books', minCompatible: 1, sql: books },
  { number: 2, name: 'layouts', minCompatible: 1, sql: layouts },
  { number: 3, name: 'snoozes and keys', minCompatible: 1, sql: snoozesAndKeys },
  { number: 4, name: 'notes, clocks, redactions', minCompatible: 1, sql: notesClocksRedactions },
  { number: 5, name: 'alerts', minCompatible: 1, sql: alerts }
]
