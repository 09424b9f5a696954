import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How long an event loop was held up. */
export interface LoopDelay {
  readonly p99Ms: number
  readonly maxMs: number
}

/** The histogram holds the time from one look to the next; what is above this was delay. */
const RESOLUTION_MS = 1

/** Begins to watch this process's event loop. The returned function ends it and reports. */
export function watchEventLoop(): () => LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  const delayMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  return () => {
    histogram.disable()
    return { p99Ms: delayMs(histogram.percentile(99)), maxMs: delayMs(histogram.max) }
  }
}
