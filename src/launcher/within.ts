import type { Clock } from '../clock/clock.ts'

/**
 * Resolves with whether `what` ended within `ms` and before `hurry` was aborted. Rejects if `what` does. Leaves no
 * timer.
 */
export async function within(clock: Clock, ms: number, what: Promise<unknown>, hurry?: AbortSignal): Promise<boolean> {
  const patience = new AbortController()
  const end = (): void => patience.abort()
  hurry?.addEventListener('abort', end)
  if (hurry?.aborted) end()
  try {
    return await Promise.race([what.then(() => true), clock.sleep(ms, patience.signal).then(() => false)])
  } finally {
    hurry?.removeEventListener('abort', end)
    end()
  }
}
