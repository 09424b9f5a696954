import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../clock/clock.ts'
import type { EventName } from '../core/events.ts'
import type { Store } from '../store/store.ts'
import type { Emitter } from './events/emitter.ts'
import { SWEEP_EVERY_MS, Rescuer } from './jobs/rescuer.ts'
import type { EscapementNode } from './node.ts'

/** How soon it looks again while handlers run: other processes may have enqueued meanwhile. */
const LOOK_MS = 100

/** A job that was given back is in nobody's count. */
const ENDS = ['job.completed', 'job.failed', 'job.cancelled', 'job.snoozed', 'job.stale'] as const

export interface TickParts {
  readonly node: EscapementNode
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly lease: { readonly ttlMs: number; readonly renewEveryMs: number }
}

/** What a tick has done. */
export interface Ticked {
  /** How many attempts ended, without those that were given back. */
  readonly ran: number
  /** Whether nothing that is due was left. */
  readonly isDone: boolean
}

/** What ends a tick before nothing is due. */
export interface TickLimits {
  readonly atMostMs: number
  /** For handlers that still run then. */
  readonly graceMs: number
  /** Aborted by a stop: nothing more is begun. */
  readonly ending?: AbortSignal
  /** Ends the grace of the handlers. */
  readonly hurry?: AbortSignal
}

/**
 * Joins, decides and works until nothing is due, or until it has to end, and leaves in order. Meanwhile the node renews
 * its lease by itself. Jobs of a process that died are waited for as long as its lease lasts.
 */
export async function tickNode(parts: TickParts, limits: TickLimits): Promise<Ticked> {
  const { node, events, clock } = parts
  const ended = new Counter(events, ENDS)
  const endAt = clock.monotonic() + limits.atMostMs
  let isDone = false
  try {
    await node.begin()
    node.startUpkeep()
    isDone = await workUntil(endAt, parts, limits.ending)
  } finally {
    await endTick(node, limits)
    ended.stop()
  }
  return { ran: ended.count, isDone }
}

async function endTick(node: EscapementNode, { graceMs, hurry }: TickLimits): Promise<void> {
  const end = (): void => node.hurry()
  hurry?.addEventListener('abort', end)
  await node.stop(hurry?.aborted ? 0 : graceMs)
  hurry?.removeEventListener('abort', end)
}

/** Resolves with whether nothing due was left. */
async function workUntil(endAt: number, parts: TickParts, ending?: AbortSignal): Promise<boolean> {
  const { node, clock, events } = parts
  const begun = new Counter(events, ['job.started'])
  const rescue = new Rescue(parts)
  try {
    for (;;) {
      const before = begun.count
      await rescue.step()
      await node.scheduler.tick()
      await node.worker.tick()
      // Jobs of a large claim start in the next turn.
      await nextTurn()
      await node.settler.flush()
      const isIdle = begun.count === before && node.attempts.all.length === 0
      if (isIdle && !(await rescue.mayBeRescued())) return true
      if (ending?.aborted || clock.monotonic() >= endAt) return false
      await Promise.race([node.attempts.whenIdle().then(nextTurn), clock.sleep(LOOK_MS, ending)])
      if (isIdle) await clock.sleep(LOOK_MS, ending)
    }
  } finally {
    begun.stop()
  }
}

class Counter {
  count = 0
  readonly #offs: readonly (() => void)[]

  constructor(events: Emitter, names: readonly EventName[]) {
    this.#offs = names.map(name => events.on(name, () => (this.count += 1)))
  }

  stop(): void {
    for (const off of this.#offs) off()
  }
}

/** Rescues jobs of other nodes. */
class Rescue {
  readonly #parts: TickParts
  readonly #rescuer: Rescuer
  readonly #leasesEndAt: number
  #sweepAt = Number.NEGATIVE_INFINITY

  constructor(parts: TickParts) {
    const { store, clock, events, lease } = parts
    this.#parts = parts
    this.#rescuer = new Rescuer({ store, clock, events, leaseTtlMs: lease.ttlMs, renewEveryMs: lease.renewEveryMs })
    this.#leasesEndAt = clock.monotonic() + lease.ttlMs + lease.renewEveryMs
  }

  async step(): Promise<void> {
    const now = this.#parts.clock.monotonic()
    if (now < this.#sweepAt) return
    this.#sweepAt = now + SWEEP_EVERY_MS
    await this.#rescuer.sweep()
  }

  /** Whether a job is running elsewhere, perhaps on a node that has died: its lease has not been watched for long enough. */
  async mayBeRescued(): Promise<boolean> {
    const { store, clock } = this.#parts
    if (clock.monotonic() >= this.#leasesEndAt) return false
    return (await store.listQueues()).some(({ counts }) => (counts.running ?? 0) > 0)
  }
}
