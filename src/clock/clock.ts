/** The longest delay that Node's timers take: 2^31 − 1 ms, about 24.8 days. A longer one would fire at once. */
export const MAX_TIMER_MS = 2_147_483_647

/** The only source of time that Escapement uses. Tests pass one that they move by hand. */
export interface Clock {
  /** Wall time in epoch milliseconds; it can jump. */
  now(): number
  /**
   * Milliseconds since an arbitrary start, the same for all processes of one boot of a host. They never decrease; use
   * them to measure durations.
   */
  monotonic(): number
  /** Resolves after `ms` of any length, or as soon as the signal is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls back once after `ms` of any length. Returns a function that cancels it. Does not keep the process alive. */
  after(ms: number, callback: () => void): () => void
}
