import type { Job } from '../../core/job/job.ts'
import { isKeptForKey } from '../../core/job/unique.ts'
import type { PruneRequest, Pruned } from '../../store/reading.ts'
import type { MemoryBooks } from './books.ts'
import { expiryOf } from './books.ts'
import { pruneTally } from './counts/tally.ts'
import { foldTotals } from './counts/totals.ts'
import { pruneAudit } from './access/audit.ts'
import { pruneSessions } from './access/sessions.ts'
import { pruneSets } from './declarations.ts'
import { dropJob } from './jobs/job-rows.ts'

export const prune = (books: MemoryBooks, request: PruneRequest, now: number): Pruned => ({
  ledger: pruneLedger(books, request),
  jobs: pruneJobs(books, request, now),
  nodes: pruneNodes(books, request),
  tally: pruneTally(books, request),
  audit: pruneAudit(books, request.auditBefore, request.limit),
  sessions: pruneSessions(books, now, request.limit)
})

function pruneLedger(books: MemoryBooks, { ledgerBefore, limit }: PruneRequest): number {
  let pruned = 0
  for (const ledger of books.ledgers.values()) {
    let count = 0
    for (const row of ledger.items) {
      if (row.lastFireAt >= ledgerBefore || pruned + count >= limit) break
      books.ledgerPrunedUntil = Math.max(books.ledgerPrunedUntil ?? row.lastFireAt, row.lastFireAt)
      count++
    }
    ledger.dropFirst(count)
    pruned += count
  }
  return pruned
}

function pruneJobs(books: MemoryBooks, { unsuccessfulBefore, limit }: PruneRequest, now: number): number {
  const completed = leading(books.completed.items, limit, job => expiryOf(job) <= now)
  const isHeld = (job: Job): boolean => isKeptForKey(job.uniqueUntil, now)
  const unsuccessful = leading(
    books.unsuccessful.items.filter(job => !isHeld(job)),
    limit - completed.length,
    job => job.finishedAt! < unsuccessfulBefore
  )
  for (const job of [...completed, ...unsuccessful]) dropJob(books, job)
  return completed.length + unsuccessful.length
}

function leading(jobs: readonly Job[], limit: number, isPast: (job: Job) => boolean): Job[] {
  const end = jobs.findIndex((job, index) => index >= limit || !isPast(job))
  return jobs.slice(0, end === -1 ? jobs.length : end)
}

function pruneNodes(books: MemoryBooks, { nodesBefore, limit }: PruneRequest): number {
  const ended = [...books.nodesEndedAt].filter(([, endedAt]) => endedAt < nodesBefore).slice(0, limit)
  for (const [id] of ended) {
    books.nodes.delete(id)
    books.nodesEndedAt.delete(id)
  }
  pruneSets(books)
  foldTotals(books)
  return ended.length
}
