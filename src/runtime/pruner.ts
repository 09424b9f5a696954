import type { Store } from '../store/store.ts'

export const PRUNE_EVERY_MS = 60_000
const BATCH = 1_000
/** The pause between two full batches, so that pruning years of history leaves room for others. */
const REST_BETWEEN_BATCHES_MS = 50
const NODE_RETENTION_MS = 24 * 3_600_000

export interface PrunerOptions {
  readonly store: Store
  /** How long each is kept. */
  readonly retention: { readonly ledgerMs: number; readonly unsuccessfulMs: number; readonly auditMs: number }
}

/** Deletes what is past its retention, one batch at a time. Resolves with the milliseconds until the next batch. */
export async function prune({ store, retention }: PrunerOptions): Promise<number> {
  const now = await store.now()
  const pruned = await store.prune({
    ledgerBefore: now - retention.ledgerMs,
    unsuccessfulBefore: now - retention.unsuccessfulMs,
    nodesBefore: now - NODE_RETENTION_MS,
    tallyAt: now,
    auditBefore: now - retention.auditMs,
    limit: BATCH
  })
  const isFull = Object.values<number>({ ...pruned }).some(count => count >= BATCH)
  return isFull ? REST_BETWEEN_BATCHES_MS : PRUNE_EVERY_MS
}
