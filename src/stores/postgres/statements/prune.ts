import { WHILE_KEPT } from '../../../core/job/unique.ts'
import type { Pruned, PruneRequest } from '../../../store/reading.ts'
import type { Books, Statement } from '../sql.ts'
import { pruneTally } from './tally.ts'
import { foldTotals } from './counts.ts'
import { pruneSets } from './declarations.ts'

/** The first rows along an index, by their places in the table. Skips rows that another pruner has locked. */
const first = (table: string, rows: string): string =>
  `ctid = ANY (ARRAY(SELECT ctid FROM {books}.${table} WHERE ${rows} FOR UPDATE SKIP LOCKED))`

// What is remembered of the ledger is committed together with the deleted rows.
const PRUNE: Statement = {
  text: `
WITH clock AS MATERIALIZED (SELECT coalesce($5::bigint, {books}.now_ms()) AS now),
rows AS (DELETE FROM {books}.ledger WHERE ${first('ledger', 'last_fire_at < $1 ORDER BY last_fire_at LIMIT $4')} RETURNING last_fire_at),
remembered AS (
  UPDATE {books}.store SET ledger_pruned_until = greatest(ledger_pruned_until, (SELECT max(last_fire_at) FROM rows)) WHERE EXISTS (SELECT FROM rows)),
expired AS (
  DELETE FROM {books}.finished WHERE ${first('finished', 'drop_at <= (SELECT now FROM clock) ORDER BY drop_at LIMIT $4')} RETURNING id, steps),
unsuccessful AS (
  DELETE FROM {books}.finished WHERE ${first('finished', 'drop_at IS NULL AND finished_at < $2 AND NOT coalesce(unique_until > (SELECT now FROM clock) AND unique_until < $6, false) ORDER BY finished_at LIMIT $4 - (SELECT count(*) FROM expired)')}
  RETURNING id, steps),
jobs AS (SELECT * FROM expired UNION ALL SELECT * FROM unsuccessful),
steps AS (DELETE FROM {books}.step WHERE job_id IN (SELECT id FROM jobs WHERE steps > 0)),
nodes AS (DELETE FROM {books}.node WHERE ${first('node', 'ended_at < $3 LIMIT $4')} RETURNING 1),
entries AS (DELETE FROM {books}.audit WHERE ${first('audit', 'at < $7 ORDER BY at LIMIT $4')} RETURNING 1),
sessions AS (DELETE FROM {books}.session WHERE ${first('session', 'expires_at <= (SELECT now FROM clock) ORDER BY expires_at LIMIT $4')} RETURNING 1)
SELECT (SELECT count(*) FROM rows), (SELECT count(*) FROM jobs), (SELECT count(*) FROM nodes), (SELECT count(*) FROM entries), (SELECT count(*) FROM sessions)`
}

export async function prune(books: Books, request: PruneRequest): Promise<Pruned> {
  const { database, now } = books
  const { ledgerBefore, unsuccessfulBefore, nodesBefore, auditBefore, limit } = request
  const values = [ledgerBefore, unsuccessfulBefore, nodesBefore, limit, now(), WHILE_KEPT, auditBefore]
  const [row] = await database.query<[number, number, number, number, number]>(PRUNE, values)
  const [ledger, jobs, nodes, audit, sessions] = row!
  await pruneSets(books)
  await foldTotals(books, limit)
  return { ledger, jobs, nodes, audit, sessions, tally: await pruneTally(books, request) }
}
