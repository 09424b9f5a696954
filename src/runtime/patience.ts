import type { Clock } from '../clock/clock.ts'

/** Waits for a promise for at most `ms`, or until the signal says to hurry. Leaves no timer behind. */
export async function waitAtMost(clock: Clock, ms: number, what: Promise<unknown>, hurry?: AbortSignal): Promise<void> {
  const patience = new AbortController()
  const end = (): void => patience.abort()
  hurry?.addEventListener('abort', end)
  if (hurry?.aborted) end()
  await Promise.race([what, clock.sleep(ms, patience.signal)])
  hurry?.removeEventListener('abort', end)
  end()
}
