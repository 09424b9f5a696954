import type { Clock } from '../clock/clock.ts'

/** Whether it ended in time, or before there was haste; the wait leaves no timer behind. Rejects as it does. */
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
