import type { Clock } from '../clock/clock.ts'
import { EscapementError } from '../core/errors.ts'

/** A store that does not answer is as good as down: whoever probes wants to hear it before their own time-out. */
export async function answeredWithin<T>(clock: Clock, ms: number, asked: Promise<T>): Promise<T> {
  let cancel: (() => void) | undefined
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(ms, () =>
      reject(new EscapementError('store-unavailable', `The books did not answer within ${ms} ms.`))
    )
  })
  try {
    return await Promise.race([asked, late])
  } finally {
    cancel?.()
  }
}
