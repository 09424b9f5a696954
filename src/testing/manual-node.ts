import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Schedule } from '../core/schedule/declare.ts'
import { aFunction, judgedLater } from '../core/options/forms.ts'
import { checkOptions, door } from '../core/options/options.ts'
import type { AnyTask } from '../core/job/task.ts'
import { timezoneData } from '../core/trigger/timezone-data.ts'
import { currentAttempt } from '../runtime/attempts/current-attempt.ts'
import { Emitter } from '../runtime/events/emitter.ts'
import { Enqueuer } from '../operations/enqueue/enqueuer.ts'
import { EscapementNode } from '../runtime/node.ts'
import { Operator } from '../operations/operator.ts'
import { Rescuer } from '../runtime/jobs/rescuer.ts'
import { resolveSettings } from '../settings/resolve.ts'
import type { Role } from '../settings/kinds/roles.ts'
import type { EscapementConfig } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'
import type { MemoryBooks } from '../stores/memory/books.ts'
import { openMemoryStore } from '../stores/memory/store.ts'
import { ManualClock } from './manual-clock.ts'
import { idSequence } from './ids.ts'

/** What a node of a test is made of. */
export interface ManualNodeOptions {
  /** @default a clock that starts on 1 January 2026 */
  readonly clock?: ManualClock
  /** @default a store in memory, on `books` */
  readonly store?: Store
  /**
   * Books that several nodes share.
   * @default books of its own
   */
  readonly books?: MemoryBooks
  /**
   * The tasks that it runs.
   * @default none
   */
  readonly tasks?: readonly AnyTask[]
  /**
   * The schedules that it declares.
   * @default none
   */
  readonly schedules?: readonly Schedule[]
  /**
   * What it does.
   * @default ['scheduler', 'worker']
   */
  readonly roles?: readonly Role[]
  /**
   * Further settings, as `createEscapement` takes them.
   * @default the defaults of all settings
   */
  readonly config?: Omit<EscapementConfig, 'tasks' | 'schedules' | 'roles' | 'database' | 'logger'>
  /** Returns numbers in [0, 1). @default always 0.5, which makes jitter zero */
  readonly random?: () => number
  /** @default a sequence of its own */
  readonly newId?: () => string
}

const manualNodeDoor = door<ManualNodeOptions>('options-invalid', {
  clock: judgedLater,
  store: judgedLater,
  books: judgedLater,
  tasks: judgedLater,
  schedules: judgedLater,
  roles: judgedLater,
  config: judgedLater,
  random: aFunction,
  newId: aFunction
})

/**
 * A node for tests that step its loops by hand. Nothing happens until it is called, and time passes only as the clock
 * is moved. It ignores the environment, and never shares a node with another Escapement of the process.
 *
 * @example
 * ```ts
 * const node = new ManualNode({ tasks: [report], schedules: [nightly] })
 * await node.start()
 * node.clock.set('2026-03-29T02:00:00Z')
 * await node.tick()
 * await node.work()
 * expect(await node.store.listJobs({ state: 'completed' }, { limit: 10 })).toMatchObject({ items: [{ task: 'report' }] })
 * ```
 */
export class ManualNode {
  /** Moves time for this node and its store. */
  readonly clock: ManualClock
  /** The books. */
  readonly store: Store
  /** Its events, as `escapement.on` tells them. */
  readonly events = new Emitter()
  /**
   * The node itself, with loops that tests step one by one.
   *
   * @experimental
   */
  readonly node: EscapementNode
  /**
   * Pauses, resumes, runs and removes schedules, cancels and retries jobs.
   *
   * @experimental
   */
  readonly operator: Operator
  /**
   * Enqueues jobs.
   *
   * @experimental
   */
  readonly enqueuer: Enqueuer
  readonly #rescuer: Rescuer

  constructor(options: ManualNodeOptions = {}) {
    checkOptions('ManualNode', options, manualNodeDoor)
    const { tasks = [], schedules = [], roles = ['scheduler', 'worker'], random = () => 0.5 } = options
    const newId = options.newId ?? idSequence()
    this.clock = options.clock ?? new ManualClock()
    this.store = options.store ?? openMemoryStore({ clock: this.clock, ...(options.books && { books: options.books }) })
    const { store, clock, events } = this
    const settings = resolveSettings(
      { ...options.config, tasks, schedules, roles, database: 'memory:', logger: false },
      {}
    )
    this.node = new EscapementNode({ store, clock, events, settings, roles, random, newId, version: 'manual' })
    this.operator = new Operator({ store, timezoneData, nodeId: () => this.node.membership.id, newId })
    this.enqueuer = new Enqueuer(store, { clock, newId, currentAttempt: () => currentAttempt.getStore() })
    const { ttlMs: leaseTtlMs, renewEveryMs } = settings.lease
    this.#rescuer = new Rescuer({ store, clock, events, leaseTtlMs, renewEveryMs })
  }

  /** Joins the nodes and registers the schedules. */
  start(): Promise<void> {
    return this.node.begin()
  }

  /** Decides what is due. Resolves with the milliseconds until something is due again. */
  tick(): Promise<number> {
    return this.node.scheduler.tick()
  }

  /** Claims once and starts what was claimed, without waiting for the handlers. */
  async claim(): Promise<void> {
    await this.node.worker.tick()
    // Jobs of a large claim start in the next turn.
    await nextTurn()
  }

  /** Claims, then waits until every handler has ended and its report is written. */
  async work(): Promise<void> {
    await this.claim()
    await this.node.attempts.whenIdle()
    await this.node.settler.flush()
  }

  /** Writes all waiting reports. */
  settle(): Promise<void> {
    return this.node.settler.flush()
  }

  /** Renews the lease once, and acts on the result. */
  renew(): Promise<number> {
    return this.node.membership.renew()
  }

  /** Checks once whether the books have what this node declares. A scheduling node does so after each renewal. */
  look(): Promise<void> {
    return this.node.registrar.look()
  }

  /** Checks once for schedules that no code names any more. Resolves with the milliseconds until the next check. */
  tendOrphans(): Promise<number> {
    return this.node.tendOrphans()
  }

  /** Checks the other nodes once, and rescues the jobs of lost ones. Resolves with how many jobs were freed. */
  sweep(): Promise<number> {
    return this.#rescuer.sweep()
  }

  /** Stops in order. Handlers get `graceMs` to end. */
  async stop(graceMs = 0): Promise<void> {
    await this.node.stop(graceMs)
  }
}
