import { type Instant, instantMs } from '../core/trigger/instant.ts'
import type { Clock } from '../clock/clock.ts'

interface Alarm {
  readonly dueAt: number
  readonly order: number
  readonly ring: () => void
}

/**
 * A clock that stands still until a test moves it. Sleeps and callbacks come due in order, each at its own instant.
 * What they trigger gets a chance to run before time moves on.
 *
 * @example
 * ```ts
 * const clock = new ManualClock('2026-03-29T00:30:00Z')
 * const node = new ManualNode({ clock, tasks: [report], schedules: [nightly] })
 * await clock.advance(3_600_000)
 * ```
 */
export class ManualClock implements Clock {
  #wall: number
  #monotonic = 0
  #orders = 0
  #alarms: Alarm[] = []

  /** @throws EscapementError `trigger-invalid` */
  constructor(startAt: Instant = '2026-01-01T00:00:00Z') {
    this.#wall = instantMs('ManualClock', startAt)
  }

  /** The wall time, in epoch milliseconds. */
  now(): number {
    return this.#wall
  }

  /** Milliseconds since the clock was made. They never decrease. */
  monotonic(): number {
    return this.#monotonic
  }

  /** Resolves once the clock was moved by `ms`, or as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const wake = (): void => {
        cancel()
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const cancel = this.after(ms, wake)
      signal?.addEventListener('abort', wake)
    })
  }

  /** Calls back once the clock was moved by `ms`. Returns a function that cancels it. */
  after(ms: number, ring: () => void): () => void {
    const alarm = { dueAt: this.#monotonic + Math.max(0, ms), order: this.#orders++, ring }
    this.#alarms.push(alarm)
    return () => {
      this.#alarms = this.#alarms.filter(other => other !== alarm)
    }
  }

  /** How many sleeps and callbacks are waiting. */
  get pending(): number {
    return this.#alarms.length
  }

  /** Moves both times forward by `ms`, and stops at each alarm on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms
    await settleMicrotasks()
    for (let alarm = this.#nextAlarm(end); alarm !== undefined; alarm = this.#nextAlarm(end)) {
      this.#alarms = this.#alarms.filter(other => other !== alarm)
      this.#moveTo(Math.max(this.#monotonic, alarm.dueAt))
      alarm.ring()
      await settleMicrotasks()
    }
    this.#moveTo(end)
    await settleMicrotasks()
  }

  /**
   * Sets the wall time and rings nothing, for tests that step every loop by hand. The monotonic time never moves back.
   *
   * @throws EscapementError `trigger-invalid`
   */
  set(instant: Instant): void {
    const wallAt = instantMs('ManualClock.set()', instant)
    const forward = Math.max(0, wallAt - this.#wall)
    this.#wall = wallAt
    this.#monotonic += forward
  }

  /** Moves only the wall clock, forward or back. */
  jump(ms: number): void {
    this.#wall += ms
  }

  #moveTo(monotonic: number): void {
    this.#wall += monotonic - this.#monotonic
    this.#monotonic = monotonic
  }

  #nextAlarm(end: number): Alarm | undefined {
    let first: Alarm | undefined
    for (const alarm of this.#alarms)
      if (
        alarm.dueAt <= end &&
        (first === undefined || alarm.dueAt < first.dueAt || (alarm.dueAt === first.dueAt && alarm.order < first.order))
      )
        first = alarm
    return first
  }
}

// One turn of the event loop runs all promise reactions that are ready, and those that they trigger.
async function settleMicrotasks(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}
