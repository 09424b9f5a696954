import { sizeOfFailure } from '../../core/job/failure.ts'
import { MAX_KEPT_FAILURES, type NewJob } from '../../core/job/job.ts'
import type { Report } from '../../core/job/settle.ts'

/** How much fits into one call of a store. */
export interface BatchLimits<Item> {
  readonly count: number
  readonly size: number
  readonly sizeOf: (item: Item) => number
}

const MAX_BYTES = 8_000_000

/** A batch is one value of one statement. A thousand of the largest payloads would exceed the longest text. */
export const jobBatch = (count: number): BatchLimits<NewJob> => ({
  count,
  size: MAX_BYTES,
  sizeOf: job => Buffer.byteLength(job.payload)
})

export const reportBatch = (count: number): BatchLimits<Report> => ({
  count,
  size: MAX_BYTES,
  sizeOf: reportSize
})

/**
 * A failure is read and written together with the job's earlier failures, which may be as long, and takes longer than a
 * result.
 */
const FAILURE_WEIGHT = 4

function reportSize({ outcome }: Report): number {
  if (outcome.kind === 'completed') return outcome.result === undefined ? 0 : Buffer.byteLength(outcome.result)
  if (outcome.kind !== 'failed') return 0
  const { failure } = outcome
  return sizeOfFailure(failure) * Math.min(failure.attempt, MAX_KEPT_FAILURES) * FAILURE_WEIGHT
}

/** How many of the items, from the first, go into one batch; at least one. */
export function batchLength<Item>(items: readonly Item[], { count, size, sizeOf }: BatchLimits<Item>): number {
  const most = Math.min(items.length, count)
  let filled = 0
  for (let index = 0; index < most; index++) {
    filled += sizeOf(items[index]!)
    if (filled > size) return Math.max(1, index)
  }
  return most
}
