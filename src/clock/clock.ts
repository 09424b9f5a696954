/** The longest delay that Node's timers take: 2^31 − 1 ms, some 24.8 days. A longer one would fire at once, and is set anew instead. */
export const MAX_TIMER_MS = 2_147_483_647

/** All that Escapement knows of time. Tests hand in one that they move by hand. */
export interface Clock {
  /** Wall time in epoch milliseconds; it can jump. */
  now(): number
  /** Milliseconds that only grow, from an arbitrary start; for measuring how long. */
  monotonic(): number
  /** Resolves after `ms`, however long, or as soon as the signal is aborted; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls back once after `ms`, however long. The answer takes it back. Does not keep the process alive. */
  after(ms: number, callback: () => void): () => void
}
