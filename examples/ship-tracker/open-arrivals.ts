import type { ArrivalsBook } from './arrivals.ts'
import type { Database } from './settings.ts'

/** Only what the database needs is loaded. */
export async function openArrivals(database: Database): Promise<ArrivalsBook> {
  if (database.kind === 'sqlite') {
    const { SqliteArrivals } = await import('./arrivals-sqlite.ts')
    return new SqliteArrivals(database.file)
  }
  const { PostgresArrivals } = await import('./arrivals-postgres.ts')
  return PostgresArrivals.open(database.url)
}
