/** What the store needs of a clock; every Clock of Escapement is one. */
export interface StoreClock {
  /** Wall time in epoch milliseconds: what decides whether something is due. */
  now(): number
  /** Milliseconds that only grow, for measuring how long a write has waited. */
  monotonic(): number
  sleep(ms: number): Promise<void>
  /** Calls back once after `ms`, without keeping the process alive. The answer takes it back. */
  after(ms: number, callback: () => void): () => void
}
