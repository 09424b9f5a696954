import { DatabaseSync } from 'node:sqlite'
import { allPages } from '../../src/store/pages/all-pages.ts'
import { callerOn } from './books-of-test.ts'

/** What a handler wrote to its process's file as it began. */
export interface Line {
  readonly schedule: string
  readonly fireAt: number
  readonly fence: number
  readonly lateMs: number
  readonly beganAt: number
}

export interface BooksAtEnd {
  /** Schedule and fire time of every `fired` row of the ledger. */
  readonly fired: readonly string[]
  /** How many rows of the app's table each of them has. */
  readonly rowsOf: ReadonlyMap<string, number>
  readonly rows: number
  /** Jobs that did not end as completed. */
  readonly unfinished: readonly string[]
}

const keyOf = (schedule: string, fireAt: number): string => `${schedule}@${fireAt}`

/** A line that was cut off by the end of its process says nothing. */
export function lineFrom(text: string): Line[] {
  try {
    return [JSON.parse(text) as Line]
  } catch {
    return []
  }
}

export async function readBooks(file: string): Promise<BooksAtEnd> {
  const caller = callerOn(file)
  const store = await caller.store()
  const fired: string[] = []
  for (const { id } of await caller.schedules.list()) {
    const rows = allPages(cursor =>
      store.listLedger({ scheduleId: id, from: 0, until: Date.now() }, { limit: 1_000, cursor })
    )
    for await (const row of rows) if (row.outcome === 'fired') fired.push(keyOf(id, row.fireAt))
  }
  const unfinished: string[] = []
  for await (const job of allPages(cursor => store.listJobs({}, { limit: 1_000, cursor })))
    if (job.state !== 'completed') unfinished.push(`${job.id} is ${job.state}`)
  const database = new DatabaseSync(file, { readOnly: true })
  const rows = database
    .prepare('SELECT schedule, fire_at AS fireAt, count(*) AS count FROM effects GROUP BY schedule, fire_at')
    .all()
  database.close()
  const rowsOf = new Map(rows.map(row => [keyOf(String(row['schedule']), Number(row['fireAt'])), Number(row['count'])]))
  return { fired, rowsOf, rows: [...rowsOf.values()].reduce((sum, count) => sum + count, 0), unfinished }
}

/** Fire times that fired and have no line or not exactly one row, and rows of fire times that never fired. */
export function firedTwiceOrNever({ fired, rowsOf }: BooksAtEnd, lines: readonly Line[]): string[] {
  const lined = new Set(lines.map(({ schedule, fireAt }) => keyOf(schedule, fireAt)))
  const known = new Set(fired)
  const withoutLine = fired.filter(key => !lined.has(key)).map(key => `${key} has no line`)
  const wrongRows = fired.filter(key => rowsOf.get(key) !== 1).map(key => `${key} has ${rowsOf.get(key) ?? 0} rows`)
  const unknown = [...rowsOf.keys()].filter(key => !known.has(key)).map(key => `${key} has rows, and did not fire`)
  return [...withoutLine, ...wrongRows, ...unknown]
}

/** The value below or at which this share of all lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
