import { busyError, classify } from '../errors.ts'
import type { StoreClock } from './store-clock.ts'

const MAX_MS = 20

export interface BusyOptions {
  readonly clock: StoreClock
  readonly random: () => number
  /** How long an operation may wait for the lock before it fails as `store-busy`. */
  readonly operationTimeoutMs: number
  readonly file: string
}

/**
 * A random wait of 1 to 20 ms, so that two that collided don't collide again. It starts short and grows slowly: a
 * transaction takes a millisecond or two, and a process that waited much longer than the others would never get its
 * turn.
 */
export const busyDelayMs = (tries: number, random: () => number): number =>
  1 + random() * (Math.min(MAX_MS, 3 + tries / 4) - 1)

/** Runs a step, and retries it while the database is busy, without blocking the event loop. */
export async function retryWhileBusy<T>(
  step: () => T,
  { clock, random, operationTimeoutMs, file }: BusyOptions
): Promise<T> {
  const startedAt = clock.monotonic()
  for (let tries = 1; ; tries++) {
    try {
      return step()
    } catch (error) {
      const waitedMs = clock.monotonic() - startedAt
      if (classify(error) !== 'busy') throw error
      if (waitedMs >= operationTimeoutMs) throw busyError(file, waitedMs, error)
    }
    await clock.sleep(busyDelayMs(tries, random))
  }
}
