import type { Clock } from '../../clock/clock.ts'
import type { AttemptKey } from '../../core/job/job.ts'
import type { AnyTask } from '../../core/job/task.ts'
import type { HeldAttempt } from '../../store/nodes.ts'
import type { Store } from '../../store/store.ts'
import { Activity } from './activity.ts'
import type { Attempts } from '../attempts/attempts.ts'
import { Claimer } from './claimer.ts'
import type { Settler } from './settler.ts'
import { Slots } from './slots.ts'

export interface WorkerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly attempts: Attempts
  readonly settler: Settler
  readonly nodeId: () => string
  readonly tasks: ReadonlyMap<string, AnyTask>
  readonly concurrency: number
  readonly queues: Readonly<Record<string, number>> | undefined
  readonly intervalMs: number
  readonly priorityAgingMs: number | undefined
}

/** All claimers of a process, and what applies to all of them together. */
export class Worker {
  readonly #options: WorkerOptions
  readonly #activity: Activity
  readonly claimers: readonly Claimer[]
  /** Attempts that the store says we hold but that we don't know, with when they were first seen so. */
  #strangers = new Map<number, { readonly key: AttemptKey; readonly seenAt: number }>()

  constructor(options: WorkerOptions) {
    this.#options = options
    const { queues, concurrency, attempts } = options
    this.#activity = new Activity({
      fences: () => attempts.all.map(attempt => attempt.fence),
      knows: fence => attempts.knows(fence)
    })
    const shares =
      queues === undefined
        ? [{ queues: undefined, slots: new Slots(concurrency) }]
        : Object.entries(queues).map(([queue, share]) => ({ queues: [queue], slots: new Slots(share) }))
    this.claimers = shares.flatMap(share => [
      this.#claimer(share, 'at-least-once'),
      this.#claimer(share, 'at-most-once')
    ])
  }

  #claimer(share: { queues: string[] | undefined; slots: Slots }, delivery: string): Claimer {
    const { store, clock, attempts, settler, nodeId, tasks, intervalMs, priorityAgingMs } = this.#options
    return new Claimer({
      store,
      clock,
      activity: this.#activity,
      attempts,
      settler,
      nodeId,
      queues: share.queues,
      slots: share.slots,
      intervalMs,
      priorityAgingMs,
      task: name => tasks.get(name),
      tasks: () => [...tasks.values()].filter(task => task.delivery === delivery).map(task => task.name),
      mayClaimAhead: delivery === 'at-least-once'
    })
  }

  /** Lets every claimer claim once. */
  async tick(): Promise<void> {
    for (const claimer of this.claimers) await claimer.tick()
  }

  stopAccepting(): void {
    for (const claimer of this.claimers) claimer.stopAccepting()
  }

  startAccepting(): void {
    for (const claimer of this.claimers) claimer.startAccepting()
  }

  /** Gives back what was claimed but not begun, without counting an attempt. Returns how many. */
  giveBackUnbegun(): number {
    const unbegun = this.claimers.flatMap(claimer => claimer.takeUnbegun())
    for (const { id, fence } of unbegun)
      this.#options.settler.add({ id, fence, outcome: { kind: 'given-back' } }, () => undefined)
    return unbegun.length
  }

  /**
   * Compares, by fence, what the store says this node holds with what it runs (rule 8). Aborts what was cancelled.
   * Gives back what nobody here runs, unless an earlier claim is still under way.
   */
  reconcile(held: readonly HeldAttempt[]): void {
    const { attempts, clock, settler } = this.#options
    const now = clock.monotonic()
    const strangers = new Map<number, { key: AttemptKey; seenAt: number }>()
    for (const { id, fence, cancelRequested } of held) {
      const attempt = attempts.find(fence)
      if (attempt !== undefined) {
        if (cancelRequested) attempts.abort(attempt, 'cancelled')
      } else if (!attempts.knows(fence) && !this.claimers.some(claimer => claimer.holdsAhead(fence))) {
        const seenAt = this.#strangers.get(fence)?.seenAt ?? now
        strangers.set(fence, { key: { id, fence }, seenAt })
      }
    }
    const oldestClaimAt = Math.min(...this.claimers.map(claimer => claimer.claimSentAt ?? Number.POSITIVE_INFINITY))
    for (const { key, seenAt } of strangers.values()) {
      if (oldestClaimAt > seenAt) settler.add({ ...key, outcome: { kind: 'given-back' } }, () => undefined)
    }
    this.#strangers = strangers
  }
}
