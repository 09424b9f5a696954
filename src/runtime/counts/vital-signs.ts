import perfHooks from 'node:perf_hooks'
import type { Vitals } from '../../store/nodes.ts'
import type { Store } from '../../store/store.ts'

/** How often a timer measures how late it is. */
const RESOLUTION_MS = 50

/** Measures how this process is, from its start to its stop. */
export class VitalSigns {
  readonly #store: Pick<Store, 'clockSkewMs'>
  #delays: ReturnType<typeof perfHooks.monitorEventLoopDelay> | undefined
  #isStarted = false
  #clockSkewMs: number | undefined

  constructor(store: Pick<Store, 'clockSkewMs'>) {
    this.#store = store
  }

  start(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    try {
      this.#delays = perfHooks.monitorEventLoopDelay({ resolution: RESOLUTION_MS })
      this.#delays.enable()
    } catch {
      // A runtime that is not Node has none: then the lag is not known.
    }
  }

  stop(): void {
    this.#isStarted = false
    this.#delays?.disable()
    this.#delays = undefined
  }

  /** What it was since the last look. Undefined: it is not measured. The skew is that of the look before. */
  look(): Vitals | undefined {
    if (!this.#isStarted) return undefined
    const { user, system } = process.cpuUsage()
    const lags = this.#lags()
    this.#delays?.reset()
    void this.#compareClocks()
    return {
      cpuSeconds: (user + system) / 1e6,
      rssBytes: process.memoryUsage.rss(),
      loopLagMs: lags?.usual,
      longestLagMs: lags?.longest,
      clockSkewMs: this.#clockSkewMs
    }
  }

  /** A delay includes the time for which the timer was set. */
  #lags(): { readonly usual: number; readonly longest: number } | undefined {
    if (this.#delays === undefined || this.#delays.count === 0) return undefined
    const lagOf = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 1e5) / 10 - RESOLUTION_MS)
    return { usual: lagOf(this.#delays.percentile(99)), longest: lagOf(this.#delays.max) }
  }

  /** Not awaited: a renewal must not wait for it. */
  async #compareClocks(): Promise<void> {
    try {
      this.#clockSkewMs = await this.#store.clockSkewMs?.()
    } catch {
      this.#clockSkewMs = undefined
    }
  }
}
