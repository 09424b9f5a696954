import type { Clock } from '../../clock/clock.ts'
import type { DrainOptions } from './http-servers.ts'
import { bothOrders, type StopOrder } from '../stop-order.ts'
import { APP_END_MS, type Graces, graceOf, PARTING_MS } from '../stop-signals.ts'
import { within } from '../within.ts'

/** A drain ends by itself after its grace. If it is this late, the stop continues without it. */
const CUT_MS = 400

/** What a process has to end. */
export interface StopParts {
  /** Claims nothing more and resigns all seats, at once. Running jobs continue. */
  readonly retire: () => void
  readonly drain: (graceMs: number, options: DrainOptions) => Promise<void>
  /** Closes idle connections: there is no successor any more. */
  readonly closeIdle: () => void
  /** Gives handlers this long, then aborts their signals. Then ends the node and closes the books. */
  readonly endJobs: (graceMs: number) => Promise<void>
  /** Ends the grace of the handlers now. */
  readonly hurryJobs: () => void
  /** Runs what the app itself does before its process ends. */
  readonly endApp: () => Promise<void>
}

export interface OrderlyStopOptions {
  readonly parts: StopParts
  readonly graces: Graces
  readonly clock: Clock
  /** Reports each part that failed or did not end in time. */
  readonly notice: (text: string) => void
}

/**
 * Ends a process in order (rule 14). First it claims nothing more. Then connections and handlers share one grace.
 * Requests may still enqueue, so the books stay open until both are done. Every wait has a bound.
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

  /** Resolves when every part has ended or was left: true if all was in order. */
  get over(): Promise<boolean> {
    return this.#over.promise
  }

  /** Repeating an order changes nothing. A more urgent one shortens the waits. */
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
    // In whole milliseconds, like every grace.
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
      notice(`${name}: did not end within ${Math.round(ms)} ms; the stop continues without it`)
    } catch (error) {
      notice(
        `${name}: did not end in order: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
      )
    }
    this.#isOrderly = false
  }
}
