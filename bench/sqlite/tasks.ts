import { task } from '../../src/core/task.ts'

/** Counts how often its handler was entered, and when that was for the first and the last time. */
export class Tally {
  entered = 0
  firstAt = Number.NaN
  lastAt = Number.NaN

  /** A handler that does nothing but be counted. */
  readonly count = (): void => {
    this.entered += 1
    if (this.entered === 1) this.firstAt = performance.now()
  }
}

/** A task of a handler that does nothing. `dropped`: nothing is kept of a completed job; `kept`: all of it. */
export const idleTask = (fate: 'dropped' | 'kept', handler: () => void) =>
  task(`bench-${fate}`, { handler, keepCompleted: fate === 'dropped' ? 0 : '7d' })
