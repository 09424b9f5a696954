import type { Clock } from '../../clock/clock.ts'
import { aheadBy } from '../../clock/ahead-by.ts'
import { type ClockReading, JUMP_TOLERANCE_MS, offsetBeside } from '../../core/clock-trust.ts'
import { ClockBelief } from './clock-belief.ts'

/**
 * By so much the two clocks seem to differ from one reading to the next, since wall time has whole milliseconds. A
 * process that was interrupted for longer between its readings of the clocks does not learn how they differ.
 */
const EXACT_MS = 1

/**
 * A host's clock that does not follow a jump at once. While its wall time disagrees with the monotonic one, time
 * follows the monotonic one. The new wall time counts once it has agreed for a while. Books that use the process's time
 * are opened with it: so a clock that is wrong once neither claims what is not due nor delays what is.
 */
export class SteadyClock implements Clock {
  readonly belief = new ClockBelief()
  readonly #host: Clock
  /** The believed wall time minus the monotonic one. */
  #offset: number
  #isHeld = false
  /** Whether this clock was compared with that of another process of this boot. */
  isCompared = false

  constructor(host: Clock) {
    this.#host = host
    this.#offset = aheadBy(() => host.now() - host.monotonic())
  }

  now(): number {
    const at = this.#host.now()
    const offset = at - this.#host.monotonic()
    if (this.#isHeld || Math.abs(offset - this.#offset) > EXACT_MS) return this.#nowWithCare()
    this.#offset = offset
    return at
  }

  /** The clock has moved, or the process was interrupted between the two readings: a third one tells which. */
  #nowWithCare(): number {
    const askedAt = this.#host.monotonic()
    const at = this.#host.now()
    const answeredAt = this.#host.monotonic()
    const isBefore = at - askedAt < this.#offset - JUMP_TOLERANCE_MS
    const isAfter = at - answeredAt > this.#offset + JUMP_TOLERANCE_MS
    if (this.#isHeld || isBefore || isAfter) return this.#doubted({ at, askedAt, answeredAt })
    if (answeredAt - askedAt < EXACT_MS) this.#offset = at - answeredAt
    return at
  }

  /**
   * For a process that has just started: compares with the offsets of the others of this boot, which are between their
   * wall time and the monotonic one. If none agrees, time continues as theirs until the wall clock has agreed for a while.
   */
  compare(others: readonly number[]): void {
    if (others.length === 0) return
    this.isCompared = true
    this.#offset = offsetBeside(others, this.#offset)
  }

  monotonic(): number {
    return this.#host.monotonic()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#host.sleep(ms, signal)
  }

  after(ms: number, callback: () => void): () => void {
    return this.#host.after(ms, callback)
  }

  #doubted(reading: ClockReading): number {
    const { at, answeredAt } = reading
    const believed = answeredAt + this.#offset
    if (!this.#isHeld) this.belief.begin({ at: believed, askedAt: answeredAt, answeredAt })
    this.belief.look(reading)
    this.#isHeld = this.belief.isHeld
    if (this.#isHeld) return Math.floor(believed)
    this.#offset = at - answeredAt
    return at
  }
}
