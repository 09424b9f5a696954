import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../clock/clock.ts'
import type { Store } from '../store/store.ts'
import type { Emitter } from './events/emitter.ts'
import { SWEEP_EVERY_MS, Rescuer } from './jobs/rescuer.ts'
import type { EscapementNode } from './node.ts'

/** How soon it looks again while handlers run: other processes may have enqueued meanwhile. */
const LOOK_MS = 100

export interface TickParts {
  readonly node: EscapementNode
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly lease: { readonly ttlMs: number; readonly renewEveryMs: number }
}

/** What a tick has done. */
export interface Ticked {
  /** How many attempts ended. */
  readonly ran: number
  /** Whether nothing that is due was left. */
  readonly isDone: boolean
}

/**
 * Runs a node that has begun, without loops: decides and works until nothing is due, or until `endAt` on the monotonic
 * clock. Jobs of a process that died are waited for as long as its lease lasts.
 */
export async function runUntilNothingIsDue(parts: TickParts, endAt: number): Promise<Ticked> {
  const { node, clock, events } = parts
  const ended = new Counter()
  const begun = new Counter()
  const offs = [
    events.on('job.started', () => begun.add()),
    ...(['job.completed', 'job.failed', 'job.cancelled', 'job.stale'] as const).map(name =>
      events.on(name, () => ended.add())
    )
  ]
  const upkeep = new Upkeep(parts)
  try {
    for (;;) {
      const before = begun.count
      await upkeep.step()
      await node.scheduler.tick()
      await node.worker.tick()
      // Jobs of a large claim start in the next turn.
      await nextTurn()
      await node.settler.flush()
      const isIdle = begun.count === before && node.attempts.all.length === 0
      if (isIdle && !(await upkeep.mayBeRescued())) return { ran: ended.count, isDone: true }
      if (clock.monotonic() >= endAt) return { ran: ended.count, isDone: false }
      await Promise.race([node.attempts.whenIdle().then(nextTurn), clock.sleep(LOOK_MS)])
      if (isIdle) await clock.sleep(LOOK_MS)
    }
  } finally {
    for (const off of offs) off()
  }
}

class Counter {
  count = 0

  add(): void {
    this.count += 1
  }
}

/** What the loops of a node do in addition to its work: renewals, and the rescue of jobs. */
class Upkeep {
  readonly #parts: TickParts
  readonly #rescuer: Rescuer
  readonly #leasesEndAt: number
  #renewAt: number
  #sweepAt = Number.NEGATIVE_INFINITY

  constructor(parts: TickParts) {
    const { store, clock, events, lease } = parts
    this.#parts = parts
    this.#rescuer = new Rescuer({ store, clock, events, leaseTtlMs: lease.ttlMs, renewEveryMs: lease.renewEveryMs })
    this.#renewAt = clock.monotonic() + lease.renewEveryMs
    this.#leasesEndAt = clock.monotonic() + lease.ttlMs + lease.renewEveryMs
  }

  async step(): Promise<void> {
    const { node, clock, lease } = this.#parts
    const now = clock.monotonic()
    if (now >= this.#renewAt) {
      this.#renewAt = now + lease.renewEveryMs
      await node.membership.renew()
    }
    if (now >= this.#sweepAt) {
      this.#sweepAt = now + SWEEP_EVERY_MS
      await this.#rescuer.sweep()
    }
  }

  /** Whether a job is running elsewhere, perhaps on a node that has died: its lease has not been watched for long enough. */
  async mayBeRescued(): Promise<boolean> {
    const { store, clock } = this.#parts
    if (clock.monotonic() >= this.#leasesEndAt) return false
    return (await store.listQueues()).some(({ counts }) => (counts.running ?? 0) > 0)
  }
}
