import type { Clock } from '../../clock/clock.ts'
import type { DrainOptions } from './http-servers.ts'
import { bothOrders, type StopOrder } from '../stop-order.ts'
import { APP_END_MS, type Graces, graceOf, PARTING_MS } from '../stop-signals.ts'
import { within } from '../within.ts'

/** A drain ends by itself after its grace; a little later it is left. */
const CUT_MS = 400

/** What a process has to end. */
export interface StopParts {
  /** At once: nothing more is claimed and seats are resigned from; what runs goes on. */
  readonly retire: () => void
  readonly drain: (graceMs: number, options: DrainOptions) => Promise<void>
  /** There is no successor any more, for which idle connections were kept. */
  readonly closeIdle: () => void
  /** Handlers get this long and then have their signals aborted; then it leaves the other nodes and closes the books. */
  readonly endJobs: (graceMs: number) => Promise<void>
  /** Handlers get no more time than they have had. */
  readonly hurryJobs: () => void
  /** What the app does by itself before its process ends. */
  readonly endApp: () => Promise<void>
}

export interface OrderlyStopOptions {
  readonly parts: StopParts
  readonly graces: Graces
  readonly clock: Clock
  /** Told of each part that failed, or had not ended in its time and was left. */
  readonly notice: (text: string) => void
}

/**
 * Ends a process in order (rule 14). Nothing more is begun, at once and before all else. Then connections and handlers
 * have the same grace beside each other: requests may still enqueue, so the books stay open until both are over. Nothing
 * is waited for without a bound of its own.
 */
export class OrderlyStop {
  readonly #options: OrderlyStopOptions
  readonly #over = Promise.withResolvers<boolean>()
  readonly #hurry = new AbortController()
  #order: StopOrder | undefined
  #isOrderly = true

  constructor(options: OrderlyStopOptions) {
    this.#options = options
  }

  get isOrdered(): boolean {
    return this.#order !== undefined
  }

  /** Resolves when all has ended, with whether it did so in order. */
  get over(): Promise<boolean> {
    return this.#over.promise
  }

  /** The same order again changes nothing; more haste shortens what is under way. */
  order(order: StopOrder): void {
    const before = this.#order
    const now = bothOrders(before, order)
    this.#order = now
    if (before === undefined) return void this.#stop(now)
    const { parts } = this.#options
    if (before.hasSuccessor && !now.hasSuccessor) parts.closeIdle()
    if (before.haste === now.haste) return
    this.#hurry.abort()
    parts.hurryJobs()
  }

  async #stop({ haste, hasSuccessor }: StopOrder): Promise<void> {
    const { parts, graces, clock } = this.#options
    const hurry = this.#hurry.signal
    const graceMs = graceOf(haste, graces)
    const endAt = clock.monotonic() + graceMs
    // In whole milliseconds, as every grace is told.
    const restMs = (): number => (hurry.aborted ? 0 : Math.max(0, Math.ceil(endAt - clock.monotonic())))
    await this.#part('the claiming', graceMs, async () => parts.retire())
    await this.#part('connections', graceMs + CUT_MS, () => parts.drain(graceMs, { hasSuccessor, hurry }))
    const jobsMs = restMs()
    await this.#part('jobs and books', jobsMs + graces.abortGraceMs + PARTING_MS, () => parts.endJobs(jobsMs))
    await this.#part('the app', Math.max(restMs(), APP_END_MS), () => parts.endApp())
    this.#over.resolve(this.#isOrderly)
  }

  async #part(name: string, ms: number, end: () => Promise<void>): Promise<void> {
    const { clock, notice } = this.#options
    try {
      const ending = end()
      if (await within(clock, ms, ending)) return
      notice(`${name}: had not ended after ${Math.round(ms)} ms, and was left`)
    } catch (error) {
      notice(
        `${name}: did not end in order: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
      )
    }
    this.#isOrderly = false
  }
}
