import type { Clock } from '../clock/clock.ts'
import { EscapementError } from '../core/errors.ts'

/** Within this the books must respond to one request. */
export const STORE_ANSWER_MS = 4_000

/**
 * Rejects with `store-unavailable` after `ms`. A probe must learn that the store is stuck before its own time-out ends.
 */
export function answeredWithin<T>(clock: Clock, ms: number, asked: Promise<T>): Promise<T> {
  return orElseAfter(clock, ms, asked, () => {
    throw new EscapementError('store-unavailable', `The books did not respond within ${ms} ms.`)
  })
}

/** What comes first: the value, or after `ms` what `late` gives or throws. */
export async function orElseAfter<T>(clock: Clock, ms: number, value: Promise<T>, late: () => T): Promise<T> {
  let cancel: (() => void) | undefined
  const lateness = new Promise<T>((resolve, reject) => {
    cancel = clock.after(ms, () => {
      try {
        resolve(late())
      } catch (error) {
        reject(error)
      }
    })
  })
  try {
    return await Promise.race([value, lateness])
  } finally {
    cancel?.()
  }
}
