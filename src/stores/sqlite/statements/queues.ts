import type { Books } from '../books.ts'
import type { Cell } from '../connection/driver.ts'

/** How many entries one slice counts: a few milliseconds. */
const SLICE_ROWS = 20_000

export type Count = readonly [task: number, queue: number, state: number, jobs: number]

/** A place of jobs, counted in slices along its key. Rows with payloads are not read. */
interface Place {
  readonly count: string
  readonly last: string
  readonly start: readonly Cell[]
}

const along = (from: string, key: string, limit: string): string =>
  `FROM ${from} (${key}) > (?, ?, ?, ?, ?) ORDER BY ${key} ${limit}`
const SLICE = `LIMIT ${SLICE_ROWS}`
const LAST = `LIMIT 1 OFFSET ${SLICE_ROWS - 1}`
const READY_ROWS = 'escapement_ready WHERE'
const WAITING_ROWS = 'escapement_job WHERE state IN (0, 3) AND'
const READY_KEY = 'task, queue, priority, run_at, id'
const WAITING_KEY = 'task, queue, run_at, state, id'
const READY = along(READY_ROWS, READY_KEY, SLICE)
const WAITING = along(WAITING_ROWS, WAITING_KEY, SLICE)

const slicedPlaces: readonly Place[] = [
  {
    count: `SELECT task, queue, 1, count(*) FROM (SELECT task, queue ${READY}) GROUP BY task, queue`,
    last: `SELECT ${READY_KEY} ${along(READY_ROWS, READY_KEY, LAST)}`,
    start: [-1, -1, 0, 0, '']
  },
  {
    count: `SELECT task, queue, state, count(*) FROM (SELECT task, queue, state ${WAITING}) GROUP BY task, queue, state`,
    last: `SELECT ${WAITING_KEY} ${along(WAITING_ROWS, WAITING_KEY, LAST)}`,
    start: [-1, -1, 0, 0, '']
  }
]

// There are never many of these.
const OTHERS = `
SELECT task, queue, 1, count(*) FROM escapement_solo GROUP BY task, queue
UNION ALL SELECT task, queue, 2, count(*) FROM escapement_running AS running CROSS JOIN escapement_job AS job ON job.id = running.id GROUP BY task, queue`

/** Where a count continues: in which place, after which key. */
export interface CountCursor {
  readonly place: number
  readonly after: readonly Cell[]
}

export const startOfCount: CountCursor = { place: 0, after: slicedPlaces[0]!.start }

/** Counts the unfinished jobs of one slice. */
export function countSlice(
  { connection }: Books,
  { place: index, after }: CountCursor
): { readonly counts: readonly Count[]; readonly next: CountCursor | undefined } {
  const place = slicedPlaces[index]
  if (place === undefined) return { counts: connection.prepare<Count>(OTHERS).all(), next: undefined }
  const counts = connection.prepare<Count>(place.count).all(...after)
  const last = connection.prepare(place.last).get(...after)
  const start = slicedPlaces[index + 1]?.start ?? []
  return { counts, next: last === undefined ? { place: index + 1, after: start } : { place: index, after: last } }
}

const PAUSED = 'SELECT queue, paused_at FROM escapement_paused_queue'

export const pausedQueues = ({ connection }: Books): Map<string, number> =>
  new Map(connection.prepare<[string, number]>(PAUSED).all())
