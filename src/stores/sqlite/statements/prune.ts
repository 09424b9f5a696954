import { WHILE_KEPT } from '../../../core/job/unique.ts'
import type { Pruned, PruneRequest } from '../../../store/reading.ts'
import type { Books } from '../books.ts'
import { pruneTally } from './tally.ts'
import { foldTotals } from './counts.ts'
import { pruneAudit } from './audit.ts'
import { pruneSessions } from './sessions.ts'
import { pruneSets } from './declarations.ts'
import { dropFinished } from './finish.ts'

const LEDGER = `
DELETE FROM escapement_ledger WHERE (schedule_id, fire_at) IN
  (SELECT schedule_id, fire_at FROM escapement_ledger WHERE last_fire_at < ? ORDER BY last_fire_at LIMIT ?) RETURNING last_fire_at`
const REMEMBER = 'UPDATE escapement_store SET ledger_pruned_until = max(coalesce(ledger_pruned_until, ?), ?)'
const EXPIRED =
  'SELECT id FROM escapement_finished WHERE drop_at IS NOT NULL AND drop_at <= ? ORDER BY drop_at, id LIMIT ?'
const UNSUCCESSFUL =
  'SELECT id FROM escapement_finished WHERE drop_at IS NULL AND finished_at < ? AND NOT EXISTS (SELECT 1 FROM escapement_finished_more WHERE id = escapement_finished.id AND unique_until > ? AND unique_until < ?) ORDER BY finished_at, id LIMIT ?'
const NODES =
  'DELETE FROM escapement_node WHERE number IN (SELECT number FROM escapement_node WHERE ended_at < ? LIMIT ?)'

export const prune = (books: Books, request: PruneRequest): Pruned => ({
  ledger: pruneLedger(books, request),
  jobs: pruneJobs(books, request),
  nodes: pruneNodes(books, request),
  tally: pruneTally(books, request),
  audit: pruneAudit(books, request),
  sessions: pruneSessions(books, request)
})

function pruneNodes(books: Books, { nodesBefore, limit }: PruneRequest): number {
  const nodes = Number(books.connection.prepare(NODES).run(nodesBefore, limit).changes)
  pruneSets(books)
  foldTotals(books, limit)
  return nodes
}

function pruneLedger({ connection }: Books, { ledgerBefore, limit }: PruneRequest): number {
  const ends = connection.prepare<[number]>(LEDGER).all(ledgerBefore, limit)
  const last = ends.reduce((latest, [end]) => Math.max(latest, end), -Infinity)
  if (ends.length > 0) connection.prepare(REMEMBER).run(last, last)
  return ends.length
}

function pruneJobs(books: Books, { unsuccessfulBefore, limit }: PruneRequest): number {
  const { connection, now } = books
  const expired = connection.prepare<[string]>(EXPIRED).all(now(), limit)
  const unsuccessful = connection
    .prepare<[string]>(UNSUCCESSFUL)
    .all(unsuccessfulBefore, now(), WHILE_KEPT, limit - expired.length)
  const ids = [...expired, ...unsuccessful].map(([id]) => id)
  dropFinished(books, ids)
  return ids.length
}
