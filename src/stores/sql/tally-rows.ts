import {
  addTally,
  emptyTally,
  jobOutcomes,
  SPANS_MS,
  spanStart,
  TALLY_BOUNDS_MS,
  type TallyCounts,
  type TaskTally
} from '../../core/counts/tally.ts'
import type { TallySpan } from '../../store/counts.ts'

const buckets = [...TALLY_BOUNDS_MS.keys(), TALLY_BOUNDS_MS.length]

/** The counts of a row, in the order in which both SQL stores have them. */
export const COUNTED = [
  ...jobOutcomes,
  'wait_ms',
  'run_ms',
  ...buckets.map(bucket => `wait_${bucket}`),
  ...buckets.map(bucket => `run_${bucket}`)
] as const

export const COUNTED_COLUMNS = COUNTED.join(', ')

/** An expression for each of the counts. */
export const eachCount = (expression: (column: string) => string): string => COUNTED.map(expression).join(', ')

export const cellsOfCounts = (counts: TallyCounts): number[] => [
  ...jobOutcomes.map(outcome => counts[outcome]),
  counts.waitMs,
  counts.runMs,
  ...counts.waits,
  ...counts.runs
]

export function countsOf(cells: readonly number[]): TallyCounts {
  const [completed = 0, failed = 0, discarded = 0, cancelled = 0, lost = 0, stale = 0, waitMs = 0, runMs = 0] = cells
  const first = jobOutcomes.length + 2
  const waits = cells.slice(first, first + buckets.length)
  const runs = cells.slice(first + buckets.length)
  return { completed, failed, discarded, cancelled, lost, stale, waitMs, runMs, waits, runs }
}

export type TallyCells = readonly [at: number, level: number, ...counts: number[]]

export const tallySpanOf = ([at, level, ...counts]: TallyCells): TallySpan => ({
  at,
  spanMs: SPANS_MS[level]!,
  ...countsOf(counts)
})

/** Adds up rows to spans of this length, task by task. */
export function rolledUp(rows: readonly TaskTally[], spanMs: number): TaskTally[] {
  const sums = new Map<string, ReturnType<typeof emptyTally>>()
  for (const row of rows) {
    const at = spanStart(row.at, spanMs)
    const key = `${at} ${row.task}`
    let sum = sums.get(key)
    if (sum === undefined) sums.set(key, (sum = emptyTally(at, row.task)))
    addTally(sum, row)
  }
  return [...sums.values()]
}
