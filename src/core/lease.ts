/** What an observer remembers of another's counter. All times are its own monotonic ones. */
export interface Observation {
  readonly counter: number
  readonly lastReadAt: number
  /** How long the counter has stood still before the observer's eyes. */
  readonly stillMs: number
}

/** One read of a counter. What it answered was so at some instant between the two, and nobody knows at which. */
export interface Read {
  readonly counter: number
  readonly askedAt: number
  readonly answeredAt: number
}

/**
 * What the observer knows after one more read. The first read that saw the counter counts from its answer on: it may
 * have seen a renewal at its very end. And only gaps between reads of at most two renewals count: an observer that was
 * frozen itself has seen nothing in the meantime (rule 6).
 */
export function observe(
  before: Observation | undefined,
  { counter, askedAt, answeredAt }: Read,
  renewEveryMs: number
): Observation {
  if (before === undefined || before.counter !== counter) return { counter, lastReadAt: answeredAt, stillMs: 0 }
  const gapMs = askedAt - before.lastReadAt
  const seenMs = gapMs <= 2 * renewEveryMs ? gapMs : 0
  return { counter, lastReadAt: askedAt, stillMs: before.stillMs + seenMs }
}

export const hasExpired = (observation: Observation, leaseTtlMs: number): boolean => observation.stillMs >= leaseTtlMs
