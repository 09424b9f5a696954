/** What an observer remembers of another node's counter. All times are on the observer's monotonic clock. */
export interface Observation {
  readonly counter: number
  readonly lastReadAt: number
  /** For how long the observer has seen the counter unchanged. */
  readonly stillMs: number
}

/** One read of a counter. It had this value at some unknown instant between the two. */
export interface Read {
  readonly counter: number
  readonly askedAt: number
  readonly answeredAt: number
}

/**
 * What the observer knows after one more read. The first read of a new value counts from its end, since the renewal may
 * have come just before. A gap between reads counts only up to two renewal intervals: an observer that was itself
 * frozen has seen nothing meanwhile (rule 6).
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
