import type { Clock } from '../../clock/clock.ts'
import type { Emitter } from '../events/emitter.ts'
import type { LoopTimes, LoopUse } from './loop-use.ts'

const LOOK_EVERY_MS = 500
/** A node that is blocked for longer than its lease's TTL is dead: warn long before. */
const WARN_MS = 1_000
/** A task is named if it took at least this share of the blocked time. */
const NAMED_SHARE = 0.1

export interface LagWatchOptions {
  readonly clock: Clock
  readonly events: Emitter
  readonly nodeId: () => string
  readonly loopUse: LoopUse
  /** Names of the tasks whose handlers have not ended. */
  readonly runningTasks: () => readonly string[]
}

/** Notices when the event loop was blocked, and names the tasks that did it, as far as that is known. */
export class LagWatch {
  readonly #options: LagWatchOptions
  #cancel: (() => void) | undefined

  constructor(options: LagWatchOptions) {
    this.#options = options
  }

  start(): void {
    const { clock, loopUse } = this.#options
    const lookedAt = clock.monotonic()
    this.#cancel = clock.after(LOOK_EVERY_MS, () => {
      const blockedMs = Math.round(clock.monotonic() - lookedAt - LOOK_EVERY_MS)
      const { held, probable } = loopUse.look()
      if (blockedMs >= WARN_MS) this.#tell(blockedMs, held, probable)
      this.start()
    })
  }

  stop(): void {
    this.#cancel?.()
  }

  #tell(blockedMs: number, held: LoopTimes, probable: LoopTimes): void {
    const { events, nodeId, runningTasks } = this.#options
    const heldMs = [...held.values()].reduce((sum, ms) => sum + ms, 0)
    const isCertain = heldMs >= blockedMs / 2
    const tasks = isCertain ? longest(held, blockedMs * NAMED_SHARE) : longest(probable, blockedMs / 2)
    const underWay = runningTasks().filter(task => !tasks.includes(task))
    events.emit('node.loop-blocked', { nodeId: nodeId(), blockedMs, tasks, isCertain, underWay })
  }
}

/** Tasks that took at least `leastMs`, the longest first. */
const longest = (times: LoopTimes, leastMs: number): string[] =>
  [...times]
    .filter(([, ms]) => ms >= leastMs)
    .sort(([, a], [, b]) => b - a)
    .map(([task]) => task)
