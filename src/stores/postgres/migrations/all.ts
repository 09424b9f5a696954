import { books } from './001_books.ts'
import { insertJobs } from './001_insert_jobs.ts'

export interface Migration {
  /** Counted from 1, without gaps; the same number means the same in every SQL store. */
  readonly number: number
  readonly name: string
  /** One or several statements. Once published they are never changed: what was wrong is put right by the next number. */
  readonly sql: string
}

export const migrations: readonly Migration[] = [{ number: 1, name: 'books', sql: books + insertJobs }]
