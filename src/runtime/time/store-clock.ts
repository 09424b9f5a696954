import type { Clock } from '../../clock/clock.ts'
import { ClockBelief } from './clock-belief.ts'
import type { Store } from '../../store/store.ts'

/**
 * Two clocks whose rates differ by a thousandth drift by 10 ms in this time. The store may return a measurement that is
 * as old again.
 */
const REFRESH_MS = 10_000

/**
 * Returns the clock that a process on this store uses. If a database keeps the time, it is the store's: so a delay or a
 * retry is never shorter than requested, even on a host whose clock is wrong. Then the host's wall clock is never read,
 * only its monotonic one.
 */
export async function storeClock(store: Pick<Store, 'nowAtLatest'>, clock: Clock): Promise<Clock> {
  if (store.nowAtLatest === undefined) return clock
  const measure = async (): Promise<{ aheadMs: number; takenAt: number }> => {
    const storeAt = await store.nowAtLatest!()
    const takenAt = clock.monotonic()
    return { aheadMs: storeAt - takenAt, takenAt }
  }
  let last = await measure()
  const belief = new ClockBelief()
  belief.begin({ at: last.aheadMs + last.takenAt, askedAt: last.takenAt, answeredAt: last.takenAt })
  let isMeasuring = false
  const refresh = (): void => {
    isMeasuring = true
    void measure()
      .then(measured => {
        belief.look({
          at: measured.aheadMs + measured.takenAt,
          askedAt: measured.takenAt,
          answeredAt: measured.takenAt
        })
        // A database whose clock jumped is believed once it has agreed for a while. Until then time continues as
        // before.
        last = belief.isHeld ? { ...last, takenAt: measured.takenAt } : measured
      })
      // If the books are away, a later call of `now` tries again.
      .catch(() => undefined)
      .finally(() => (isMeasuring = false))
  }
  return {
    now: () => {
      const monotonic = clock.monotonic()
      if (!isMeasuring && monotonic - last.takenAt >= REFRESH_MS) refresh()
      return Math.ceil(monotonic + last.aheadMs)
    },
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    after: (ms, callback) => clock.after(ms, callback)
  }
}
