import { rollUpsAt, TALLY_RETENTION_MS, type TaskTally } from '../../../core/counts/tally.ts'
import { MAX_SPANS, type TallyFilter, type TallySpan } from '../../../store/counts.ts'
import type { PruneRequest } from '../../../store/reading.ts'
import {
  cellsOfCounts,
  COUNTED_COLUMNS,
  countsOf,
  eachCount,
  rolledUp,
  type TallyCells,
  tallySpanOf
} from '../../sql/tally-rows.ts'
import type { Books } from '../books.ts'

const INSERT = `
INSERT INTO escapement_tally (level, at, task, node, ${COUNTED_COLUMNS}) VALUES (?, ?, ?, ?, ${eachCount(() => '?')})
ON CONFLICT (level, at, task, node) DO UPDATE SET`
// Of a node's own sums the greatest: a repeated report may come late.
const KEEP = `${INSERT} ${eachCount(column => `${column} = max(${column}, excluded.${column})`)}`
const ADD = `${INSERT} ${eachCount(column => `${column} = ${column} + excluded.${column}`)}`

export function keepTallies({ connection }: Books, node: string, tallies: readonly TaskTally[]): void {
  for (const tally of tallies) connection.prepare(KEEP).run(0, tally.at, tally.task, node, ...cellsOfCounts(tally))
}

const read = (where: string): string => `
SELECT at, max(level), ${eachCount(column => `sum(${column})`)} FROM escapement_tally
WHERE level IN (0, 1, 2, 3) AND at >= ? AND at < ?${where} GROUP BY at, max(level, 1) ORDER BY at, level LIMIT ${MAX_SPANS}`
const ALL = read('')
const OF_TASK = read(' AND task = ?')

export function readTally({ connection }: Books, { from, until, task }: TallyFilter): TallySpan[] {
  const rows =
    task === undefined
      ? connection.prepare<TallyCells>(ALL).all(from, until)
      : connection.prepare<TallyCells>(OF_TASK).all(from, until, task)
  return rows.map(tallySpanOf)
}

const TAKE = `
DELETE FROM escapement_tally WHERE (level, at, task, node) IN (
  SELECT level, at, task, node FROM escapement_tally WHERE level = ? AND at < ? ORDER BY at, task, node LIMIT ?)
RETURNING at, task, ${COUNTED_COLUMNS}`

/** Rolls up, level by level, and drops what is past its retention. Returns the rows of the level with most of them. */
export function pruneTally({ connection }: Books, { tallyAt, limit }: PruneRequest): number {
  if (tallyAt === undefined) return 0
  const take = connection.prepare<readonly [at: number, task: string, ...counts: number[]]>(TAKE)
  const add = connection.prepare(ADD)
  const taken = rollUpsAt(tallyAt).map(({ level, before, spanMs }) => {
    const rows = take.all(level, before, limit).map(([at, task, ...counts]) => ({ at, task, ...countsOf(counts) }))
    for (const sum of rolledUp(rows, spanMs)) add.run(level + 1, sum.at, sum.task, '', ...cellsOfCounts(sum))
    return rows.length
  })
  return Math.max(...taken, take.all(3, tallyAt - TALLY_RETENTION_MS, limit).length)
}
