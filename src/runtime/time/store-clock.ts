import type { Clock } from '../../clock/clock.ts'
import { ClockBelief } from './clock-belief.ts'
import type { Store } from '../../store/store.ts'

/** Two clocks that run at rates a thousandth apart drift by 10 ms in this time; the store may answer from a measurement as old again. */
const REFRESH_MS = 10_000

/**
 * The time that a process on this store uses: the store's time, where a database keeps it, so that a delay or a retry is
 * never shorter than it was asked to be, also on a host whose clock is wrong. A host's own clock is never looked at, and
 * only its monotonic one runs on.
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
        // A database whose clock jumped is believed when it has agreed for a while; until then time goes on as before.
        last = belief.isHeld ? { ...last, takenAt: measured.takenAt } : measured
      })
      // Books that are away now are asked again by the next one who wants to know.
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
