import { systemClock } from '../clock/system.ts'
import { EscapementError } from '../core/errors.ts'
import type { Logger } from '../core/job/handler.ts'
import type { Emitter } from '../runtime/events/emitter.ts'
import { waitAtMost } from '../runtime/patience.ts'
import type { Ticked } from '../runtime/tick.ts'
import type { Settings } from '../settings/settings.ts'
import type { AppBooks } from './books.ts'

export interface TicksGround {
  readonly settings: Settings
  readonly books: AppBooks
  readonly events: Emitter
  readonly logger: () => Promise<Logger | false>
}

/** The ticks of one Escapement, one after another: two at once would count each other's jobs. */
export class Ticks {
  readonly #ground: TicksGround
  readonly #ending = new AbortController()
  readonly #hurry = new AbortController()
  #last: Promise<unknown> = Promise.resolve()

  constructor(ground: TicksGround) {
    this.#ground = ground
  }

  /**
   * The wait for earlier ticks is part of `atMostMs`.
   *
   * @throws EscapementError `payload-invalid` for a schedule; `stopped`; those of the books
   */
  run(atMostMs: number): Promise<Ticked> {
    const endAt = systemClock.monotonic() + atMostMs
    const turn = this.#last.then(() => this.#run(endAt))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** Ends the tick under way: its handlers get `graceMs`, and then their signals are aborted. */
  async stop(graceMs: number): Promise<void> {
    this.#ending.abort()
    await waitAtMost(systemClock, graceMs, this.#last, this.#hurry.signal)
    this.hurry()
    await waitAtMost(systemClock, this.#ground.settings.abortGraceMs, this.#last)
  }

  /** Ends the grace of the handlers. */
  hurry(): void {
    this.#hurry.abort()
  }

  async #run(endAt: number): Promise<Ticked> {
    const { settings, books, events } = this.#ground
    for (const { payloadChecked } of settings.schedules) await payloadChecked
    const { tickOnce } = await import('./start-node.ts')
    const logger = await this.#ground.logger()
    const [ending, hurry] = [this.#ending.signal, this.#hurry.signal]
    if (ending.aborted) throw new EscapementError('stopped', 'This Escapement was stopped before the tick began.')
    const atMostMs = Math.max(0, endAt - systemClock.monotonic())
    return books.use(({ store, clock }) =>
      tickOnce({ store, clock, events, settings, logger }, { atMostMs, ending, hurry })
    )
  }
}
