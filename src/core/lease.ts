/** What an observer remembers of another node's counter. All times are its own monotonic ones. */
export interface Sighting {
  readonly counter: number
  readonly lastReadAt: number
  /** How long the counter has stood still before the observer's eyes. */
  readonly stillMs: number
}

/**
 * What the observer knows after one more read. Only gaps between reads of at most two renewals count: an observer that
 * was frozen itself has seen nothing in the meantime (rule 6).
 */
export function sight(before: Sighting | undefined, counter: number, readAt: number, renewEveryMs: number): Sighting {
  if (before === undefined || before.counter !== counter) return { counter, lastReadAt: readAt, stillMs: 0 }
  const gapMs = readAt - before.lastReadAt
  const seenMs = gapMs <= 2 * renewEveryMs ? gapMs : 0
  return { counter, lastReadAt: readAt, stillMs: before.stillMs + seenMs }
}

export const hasExpired = (sighting: Sighting, leaseTtlMs: number): boolean => sighting.stillMs >= leaseTtlMs
