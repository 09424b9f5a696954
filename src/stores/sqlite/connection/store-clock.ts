/**
 * What the store needs from a clock. Every Clock of Escapement fits.
 *
 * @experimental
 */
export interface StoreClock {
  /** Wall time in epoch milliseconds. It decides whether something is due. */
  now(): number
  /** Milliseconds that only grow, to measure how long a write has waited. */
  monotonic(): number
  sleep(ms: number): Promise<void>
  /** Calls back once after `ms`, without keeping the process alive. The returned function cancels it. */
  after(ms: number, callback: () => void): () => void
}
