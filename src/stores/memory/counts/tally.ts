import {
  addTally,
  emptyTally,
  rollUpsAt,
  SPANS_MS,
  spanStart,
  TALLY_RETENTION_MS,
  type TaskTally
} from '../../../core/counts/tally.ts'
import { MAX_SPANS, type TallyFilter, type TallySpan } from '../../../store/counts.ts'
import type { PruneRequest } from '../../../store/reading.ts'
import type { MemoryBooks } from '../books.ts'

type Row = TaskTally & { readonly level: number }

const keyOf = ({ level, at, task }: Pick<Row, 'level' | 'at' | 'task'>, node: string): string =>
  [level, at, task, node].join('\n')

/** A repeated report may come late: then what is there is more. */
export function keepTallies(books: MemoryBooks, node: string, tallies: readonly TaskTally[]): void {
  for (const tally of tallies) {
    const row: Row = { ...tally, level: 0 }
    const before = books.tallies.get(keyOf(row, node))
    books.tallies.set(keyOf(row, node), before === undefined ? row : { ...greatest(before, row), level: 0 })
  }
}

function greatest(a: TaskTally, b: TaskTally): TaskTally {
  const sum = emptyTally(a.at, a.task)
  addTally(sum, a)
  const names = ['completed', 'failed', 'discarded', 'cancelled', 'lost', 'stale', 'waitMs', 'runMs'] as const
  for (const name of names) sum[name] = Math.max(a[name], b[name])
  for (const bucket of sum.waits.keys()) {
    sum.waits[bucket] = Math.max(a.waits[bucket]!, b.waits[bucket]!)
    sum.runs[bucket] = Math.max(a.runs[bucket]!, b.runs[bucket]!)
  }
  return sum
}

export function readTally(books: MemoryBooks, { from, until, task }: TallyFilter): TallySpan[] {
  const sums = new Map<string, { readonly spanMs: number; readonly sum: ReturnType<typeof emptyTally> }>()
  for (const row of books.tallies.values()) {
    if (row.at < from || row.at >= until || (task !== undefined && row.task !== task)) continue
    const spanMs = SPANS_MS[row.level]!
    const key = `${row.at} ${spanMs}`
    let span = sums.get(key)
    if (span === undefined) sums.set(key, (span = { spanMs, sum: emptyTally(row.at, '') }))
    addTally(span.sum, row)
  }
  return [...sums.values()]
    .map(({ spanMs, sum: { task: _task, ...counts } }) => ({ ...counts, spanMs }))
    .sort((a, b) => a.at - b.at || a.spanMs - b.spanMs)
    .slice(0, MAX_SPANS)
}

/** Rolls up, level by level, and drops what is past its retention. Returns the rows of the level with most of them. */
export function pruneTally(books: MemoryBooks, { tallyAt, limit }: PruneRequest): number {
  if (tallyAt === undefined) return 0
  const taken = rollUpsAt(tallyAt).map(({ level, before, spanMs }) => {
    const rows = takeFirst(books, { level, before, limit })
    for (const row of rows) add(books, { ...row, level: level + 1, at: spanStart(row.at, spanMs) })
    return rows.length
  })
  const dropped = takeFirst(books, { level: 3, before: tallyAt - TALLY_RETENTION_MS, limit })
  return Math.max(...taken, dropped.length)
}

function takeFirst(
  books: MemoryBooks,
  { level, before, limit }: { readonly level: number; readonly before: number; readonly limit: number }
): Row[] {
  const due = [...books.tallies].filter(([, row]) => row.level === level && row.at < before)
  const first = due.sort(([, a], [, b]) => a.at - b.at).slice(0, limit)
  for (const [key] of first) books.tallies.delete(key)
  return first.map(([, row]) => row)
}

function add(books: MemoryBooks, row: Row): void {
  const sum = emptyTally(row.at, row.task)
  addTally(sum, row)
  const before = books.tallies.get(keyOf(row, ''))
  if (before !== undefined) addTally(sum, before)
  books.tallies.set(keyOf(row, ''), { ...sum, level: row.level })
}
