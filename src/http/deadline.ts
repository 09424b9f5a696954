import type { Clock } from '../clock/clock.ts'
import { EscapementError } from '../core/errors.ts'

/**
 * Rejects with `store-unavailable` after `ms`. A probe must learn that the store is stuck before its own time-out ends.
 */
export async function answeredWithin<T>(clock: Clock, ms: number, asked: Promise<T>): Promise<T> {
  let cancel: (() => void) | undefined
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(ms, () =>
      reject(new EscapementError('store-unavailable', `The books did not respond within ${ms} ms.`))
    )
  })
  try {
    return await Promise.race([asked, late])
  } finally {
    cancel?.()
  }
}
