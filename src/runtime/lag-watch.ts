import type { Clock } from '../clock/clock.ts'
import type { Emitter } from './emitter.ts'

const LOOK_EVERY_MS = 500
/** Blocked for longer than the lease's TTL a node is dead: say it long before. */
const WARN_MS = 1_000

export interface LagWatchOptions {
  readonly clock: Clock
  readonly events: Emitter
  readonly nodeId: () => string
  readonly runningTasks: () => readonly string[]
}

/** Notices when the event loop was held up, and names the tasks whose handlers ran then. */
export class LagWatch {
  readonly #options: LagWatchOptions
  #cancel: (() => void) | undefined

  constructor(options: LagWatchOptions) {
    this.#options = options
  }

  start(): void {
    const { clock, events, nodeId, runningTasks } = this.#options
    const lookedAt = clock.monotonic()
    const tasks = runningTasks()
    this.#cancel = clock.after(LOOK_EVERY_MS, () => {
      const blockedMs = Math.round(clock.monotonic() - lookedAt - LOOK_EVERY_MS)
      const suspects = [...new Set([...tasks, ...runningTasks()])]
      if (blockedMs >= WARN_MS) events.emit('node.loop-blocked', { nodeId: nodeId(), blockedMs, tasks: suspects })
      this.start()
    })
  }

  stop(): void {
    this.#cancel?.()
  }
}
