import type { Clock } from '../../clock/clock.ts'
import { JUMP_TOLERANCE_MS, offsetBeside } from '../../core/clock-trust.ts'
import { ClockBelief } from './clock-belief.ts'

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
    this.#offset = host.now() - host.monotonic()
  }

  now(): number {
    const wall = this.#host.now()
    const monotonic = this.#host.monotonic()
    if (this.#isHeld || Math.abs(wall - monotonic - this.#offset) > JUMP_TOLERANCE_MS)
      return this.#doubted(wall, monotonic)
    this.#offset = wall - monotonic
    return wall
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

  #doubted(wall: number, monotonic: number): number {
    const reading = { at: wall, askedAt: monotonic, answeredAt: monotonic }
    if (!this.#isHeld) this.belief.begin({ ...reading, at: monotonic + this.#offset })
    this.belief.look(reading)
    this.#isHeld = this.belief.isHeld
    if (!this.#isHeld) this.#offset = wall - monotonic
    return this.#isHeld ? Math.floor(monotonic + this.#offset) : wall
  }
}
