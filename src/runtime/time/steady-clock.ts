import type { Clock } from '../../clock/clock.ts'
import { JUMP_TOLERANCE_MS } from '../../core/clock-trust.ts'
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
  /** By how much the time may be behind the truth. */
  #behindMs = 0

  constructor(host: Clock) {
    this.#host = host
    this.#offset = host.now() - host.monotonic()
  }

  now(): number {
    const wall = this.#host.now()
    const monotonic = this.#host.monotonic()
    if (this.#isHeld || Math.abs(wall - monotonic - this.#offset) > JUMP_TOLERANCE_MS)
      return this.#doubted(wall, monotonic)
    this.#follow(wall - monotonic)
    return wall
  }

  /**
   * For a process that has just started, and has reason to doubt its wall clock: time goes on from this instant, which
   * is at most so far behind the truth.
   */
  continueFrom(at: number, behindMs: number): void {
    this.#offset = at - this.#host.monotonic()
    this.#behindMs = behindMs
  }

  /** The latest that it may be. A delay that is computed from it is never too short. */
  latest(): number {
    return this.now() + this.#behindMs
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
    if (!this.#isHeld) this.#follow(wall - monotonic)
    return this.#isHeld ? Math.floor(monotonic + this.#offset) : wall
  }

  #follow(offset: number): void {
    this.#offset = offset
    this.#behindMs = 0
  }
}

/** A steady clock as those read it who compute delays: the latest that it may be. */
export class LatestClock implements Clock {
  readonly steady: SteadyClock

  constructor(steady: SteadyClock) {
    this.steady = steady
  }

  now(): number {
    return this.steady.latest()
  }

  monotonic(): number {
    return this.steady.monotonic()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.steady.sleep(ms, signal)
  }

  after(ms: number, callback: () => void): () => void {
    return this.steady.after(ms, callback)
  }
}
