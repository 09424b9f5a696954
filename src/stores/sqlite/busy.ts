import type { Clock } from '../../clock/clock.ts'
import { busyError, classify } from './errors.ts'

const MOST_MS = 20

export interface BusyOptions {
  readonly clock: Clock
  readonly random: () => number
  /** How long an operation may wait for the lock before it fails as `store-busy`. */
  readonly operationTimeoutMs: number
  readonly file: string
}

/** A wait of 1 to 20 ms, short at first: whoever waits at random intervals neither collides again nor queues up behind the same one. */
export const busyDelayMs = (tries: number, random: () => number): number =>
  1 + random() * (Math.min(MOST_MS, 2 ** tries) - 1)

/** Runs a step, again and again while the database is busy. The event loop goes on meanwhile. */
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
