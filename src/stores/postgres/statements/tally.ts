import { rollUpsAt, TALLY_RETENTION_MS, type TaskTally } from '../../../core/counts/tally.ts'
import { MAX_SPANS, type TallyFilter, type TallySpan } from '../../../store/counts.ts'
import type { PruneRequest } from '../../../store/reading.ts'
import {
  cellsOfCounts,
  COUNTED,
  COUNTED_COLUMNS,
  eachCount,
  type TallyCells,
  tallySpanOf
} from '../../sql/tally-rows.ts'
import type { Books, Statement } from '../sql.ts'

/** A row of a report, by column. */
export const tallyRecord = (tally: TaskTally): object => {
  const cells = cellsOfCounts(tally)
  return {
    at: tally.at,
    task: tally.task,
    ...Object.fromEntries(COUNTED.map((column, index) => [column, cells[index]]))
  }
}

/**
 * A part of the statement that renews a node, `$1`. Of the sums that it reports, `$5`, the greatest counts: a repeated
 * report may come late.
 */
export const KEEP_TALLIES = `
  INSERT INTO {books}.tally (level, at, task, node, ${COUNTED_COLUMNS})
  SELECT 0, new.at, new.task, $1, ${eachCount(column => `new.${column}`)}
  FROM renewed, json_to_recordset($5) AS new (at bigint, task text, ${eachCount(column => `${column} bigint`)}) ORDER BY new.at, new.task
  ON CONFLICT (level, at, task, node) DO UPDATE SET ${eachCount(column => `${column} = greatest(tally.${column}, excluded.${column})`)}`

const READ: Statement = {
  text: `
SELECT at, max(level), ${eachCount(column => `sum(${column})::bigint`)} FROM {books}.tally
WHERE level IN (0, 1, 2, 3) AND at >= $1 AND at < $2 AND ($3::text IS NULL OR task = $3)
GROUP BY at, greatest(level, 1) ORDER BY at, 2 LIMIT ${MAX_SPANS}`
}

export const readTally = async ({ database }: Books, { from, until, task }: TallyFilter): Promise<TallySpan[]> =>
  (await database.query<TallyCells>(READ, [from, until, task ?? null])).map(tallySpanOf)

// What another pruner takes is skipped.
const TAKEN = `
gone AS (
  DELETE FROM {books}.tally WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM {books}.tally WHERE level = $1 AND at < $2 ORDER BY at, task, node LIMIT $3 FOR UPDATE SKIP LOCKED))
  RETURNING at, task, ${COUNTED_COLUMNS})`
const ROLL_UP: Statement = {
  text: `
WITH ${TAKEN},
added AS (
  INSERT INTO {books}.tally (level, at, task, node, ${COUNTED_COLUMNS})
  SELECT $1 + 1, at - at % $4, task, '', ${eachCount(column => `sum(${column})`)} FROM gone GROUP BY 2, 3 ORDER BY 2, 3
  ON CONFLICT (level, at, task, node) DO UPDATE SET ${eachCount(column => `${column} = tally.${column} + excluded.${column}`)})
SELECT count(*) FROM gone`
}
const DROP: Statement = { text: `WITH ${TAKEN} SELECT count(*) FROM gone` }

/** Rolls up, level by level, and drops what is past its retention. Returns the rows of the level with most of them. */
export async function pruneTally({ database }: Books, { tallyAt, limit }: PruneRequest): Promise<number> {
  if (tallyAt === undefined) return 0
  const taken: number[] = []
  const take = async (statement: Statement, values: readonly number[]): Promise<void> => {
    taken.push((await database.query<[number]>(statement, values))[0]![0])
  }
  for (const { level, before, spanMs } of rollUpsAt(tallyAt)) await take(ROLL_UP, [level, before, limit, spanMs])
  await take(DROP, [3, tallyAt - TALLY_RETENTION_MS, limit])
  return Math.max(...taken)
}
