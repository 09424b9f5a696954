import { instantMs } from '../core/trigger/instant.ts'
import type { Clock } from '../clock/clock.ts'

interface Alarm {
  readonly dueAt: number
  readonly order: number
  readonly ring: () => void
}

/**
 * A clock that stands still until it is told to move. Sleeps and callbacks come due in order, each at its own instant,
 * and what they set off is given the chance to run before time goes on.
 */
export class ManualClock implements Clock {
  #wall: number
  #monotonic = 0
  #orders = 0
  #alarms: Alarm[] = []

  constructor(startAt: number | string = '2026-01-01T00:00:00Z') {
    this.#wall = instantMs('ManualClock', startAt)
  }

  now(): number {
    return this.#wall
  }

  monotonic(): number {
    return this.#monotonic
  }

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

  after(ms: number, ring: () => void): () => void {
    const alarm = { dueAt: this.#monotonic + Math.max(0, ms), order: this.#orders++, ring }
    this.#alarms.push(alarm)
    return () => {
      this.#alarms = this.#alarms.filter(other => other !== alarm)
    }
  }

  /** Sleepers and callbacks that wait. */
  get pending(): number {
    return this.#alarms.length
  }

  /** Moves both times on by `ms`, stopping at each alarm on the way. */
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

  /** Moves both times without ringing anything: for tests that step every loop by hand. */
  set(wallAt: number): void {
    const forward = Math.max(0, wallAt - this.#wall)
    this.#wall = wallAt
    this.#monotonic += forward
  }

  /** The wall clock jumps, forward or back, and the monotonic one does not notice. */
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

// A turn of the event loop runs every promise reaction that is ready, and those that they set off.
async function settleMicrotasks(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}
