import type { Clock } from '../clock/clock.ts'
import { isEscapementError } from '../core/errors.ts'
import { errorOf } from '../core/job/thrown.ts'
import type { Emitter } from './events/emitter.ts'

const FIRST_BACKOFF_MS = 100
const MAX_BACKOFF_MS = 10_000

/** The result of a step that had nothing to try, and so proves no recovery. Says when the next step is due. */
export interface Idle {
  readonly idleMs: number
}

export interface LoopOptions {
  readonly name: string
  readonly clock: Clock
  readonly events: Emitter
  /** In [0, 1). */
  readonly random: () => number
  /** Does one step. Resolves with the milliseconds until the next one, if nothing wakes the loop before. */
  readonly step: () => Promise<number | Idle>
  /** The limit to which the pauses grow while the step fails. @default 10 s */
  readonly longestBackoffMs?: () => number
}

/** Repeats a step until it is stopped: sleeps between steps, can be woken early, backs off while the step fails. */
export class Loop {
  readonly #options: LoopOptions
  #running: Promise<void> | undefined
  #stopped = false
  #woken = false
  #rouse: (() => void) | undefined
  #failures = 0

  constructor(options: LoopOptions) {
    this.#options = options
  }

  start(): void {
    this.#stopped = false
    this.#running ??= this.#run()
  }

  /** Runs the next step now, or right after the one under way. */
  wake(): void {
    this.#woken = true
    this.#rouse?.()
  }

  /** Resolves when the step under way has ended. A second stop is legal. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#rouse?.()
    await this.#running
    this.#running = undefined
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false
      const restMs = await this.#step()
      if (!this.#stopped && !this.#woken && restMs > 0) await this.#rest(restMs)
    }
  }

  async #step(): Promise<number> {
    const { name, step, events } = this.#options
    try {
      const rest = await step()
      if (typeof rest !== 'number') return rest.idleMs
      if (this.#failures > 0) events.emit('loop.recovered', { loop: name, failures: this.#failures })
      this.#failures = 0
      return rest
    } catch (cause) {
      const error = errorOf(cause)
      const failures = ++this.#failures
      const retryMs = this.#backoffMs(failures)
      const code = isEscapementError(error) ? error.code : undefined
      events.emit('loop.failed', { loop: name, error, code, retryMs, failures })
      await this.#rest(retryMs)
      return 0
    }
  }

  #backoffMs(failures: number): number {
    const longest = Math.min(
      this.#options.longestBackoffMs?.() ?? MAX_BACKOFF_MS,
      FIRST_BACKOFF_MS * 2 ** (failures - 1)
    )
    return Math.round(longest * (0.5 + this.#options.random() / 2))
  }

  #rest(ms: number): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#options.clock.after(ms, () => this.#rouse?.())
      this.#rouse = () => {
        cancel()
        this.#rouse = undefined
        resolve()
      }
    })
  }
}
