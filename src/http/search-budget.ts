import type { Clock } from '../clock/clock.ts'

/** So long a list may search for what its filter wants; with the response it stays below 50 ms. */
const SEARCH_MS = 25

/** Says whether a search that begins now may continue. */
export function searchBudget(clock: Pick<Clock, 'monotonic'>): () => boolean {
  const until = clock.monotonic() + SEARCH_MS
  return () => clock.monotonic() < until
}
