import type { Migration } from '../../sql/migration.ts'
import { books } from './001_books.ts'
import { insertJobs } from './001_insert_jobs.ts'
import { writeSchedules } from './001_write_schedules.ts'

export const migrations: readonly Migration[] = [
  { number: 1, name: 'books', minCompatible: 1, sql: books + insertJobs + writeSchedules }
]
