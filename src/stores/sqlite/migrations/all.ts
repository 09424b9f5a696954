import type { Migration } from '../../sql/migration.ts'
import { books } from './001_books.ts'
import { layouts } from './002_layouts.ts'
import { notes } from './003_notes.ts'

export const migrations: readonly Migration[] = [
  { number: 1, name: 'books', minCompatible: 1, sql: books },
  { number: 2, name: 'layouts', minCompatible: 1, sql: layouts },
  { number: 3, name: 'notes', minCompatible: 1, sql: notes }
]
