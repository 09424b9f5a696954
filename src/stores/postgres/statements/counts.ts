import type { Total, TotalKind } from '../../../core/counts/total.ts'
import { MAX_TOTALS } from '../../../store/counts.ts'
import { goneNodes } from '../../sql/gone-nodes.ts'
import type { Books, Statement } from '../sql.ts'

const READ: Statement = {
  text: `
SELECT kind, name, outcome, sum(n)::bigint FROM {books}.total GROUP BY kind, name, outcome ORDER BY kind, name, outcome LIMIT ${MAX_TOTALS}`
}

type TotalRow = readonly [kind: TotalKind, name: string, outcome: string, n: number]

export const readTotals = async ({ database }: Books): Promise<Total[]> =>
  (await database.query<TotalRow>(READ)).map(([kind, name, outcome, n]) => ({ kind, name, outcome, n }))

/**
 * A part of the statement that renews a node, `$1`. Of the sums that it reports, `$4`, the greatest count: a repeated
 * report may come late.
 */
export const KEEP_TOTALS = `
  INSERT INTO {books}.total (node, kind, name, outcome, n)
  SELECT $1, new.kind, new.name, new.outcome, new.n FROM renewed, json_to_recordset($4) AS new (kind text, name text, outcome text, n bigint)
  ORDER BY new.kind, new.name, new.outcome
  ON CONFLICT (node, kind, name, outcome) DO UPDATE SET n = greatest(total.n, excluded.n)`

// What another pruner folds is skipped.
const FOLD: Statement = {
  text: `
WITH gone AS (
  DELETE FROM {books}.total WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM {books}.total WHERE node = ANY (ARRAY(${goneNodes('{books}.total', '{books}.node', '$1')})) FOR UPDATE SKIP LOCKED))
  RETURNING kind, name, outcome, n)
INSERT INTO {books}.total (node, kind, name, outcome, n)
SELECT '', kind, name, outcome, sum(n) FROM gone GROUP BY kind, name, outcome ORDER BY kind, name, outcome
ON CONFLICT (node, kind, name, outcome) DO UPDATE SET n = total.n + excluded.n`
}

/** Adds what nodes that are gone have counted to one sum without a node. */
export async function foldTotals({ database }: Books, limit: number): Promise<void> {
  await database.query(FOLD, [limit])
}
