import type { AnyTask } from '../core/job/task.ts'
import { timezoneData } from '../core/trigger/timezone-data.ts'
import type { Role } from '../settings/kinds/roles.ts'
import type { NodeRecord } from '../store/nodes.ts'
import { keepRedactions } from '../operations/redactions.ts'
import type { Store } from '../store/store.ts'
import { Departure, type Stopped } from './departure.ts'
import { Gatherer } from './counts/gatherer.ts'
import { VitalSigns } from './counts/vital-signs.ts'
import { ClockKeeper } from './time/clock-keeper.ts'
import { Attempts } from './attempts/attempts.ts'
import { loggerOf } from './attempts/attempt-log.ts'
import type { Brought } from './schedules/declared.ts'
import { Loops } from './loops.ts'
import { LoopUse } from './attempts/loop-use.ts'
import { Membership } from './membership.ts'
import type { NodeOptions } from './node-options.ts'
import { nodeRecordOf } from './node-record.ts'
import { waitAtMost } from './patience.ts'
import { tendOrphans } from './schedules/orphans.ts'
import { Registrar } from './schedules/registrar.ts'
import { Scheduler } from './schedules/scheduler.ts'
import { Settler } from './jobs/settler.ts'
import { Worker } from './jobs/worker.ts'

/** One process at work: its parts, put together. */
export class EscapementNode {
  readonly #options: NodeOptions
  readonly #nodeId = (): string => this.membership.id
  readonly #tasks = new Map<string, AnyTask>()
  /** From each Escapement of this process on these books, the first one first. */
  readonly #brought: Brought[] = []
  readonly #gatherer: Gatherer
  readonly attempts: Attempts
  readonly settler: Settler
  readonly scheduler: Scheduler
  readonly worker: Worker
  readonly membership: Membership
  readonly registrar: Registrar
  readonly #keeper: ClockKeeper
  readonly #loops: Loops
  readonly #departure: Departure

  constructor(options: NodeOptions) {
    const { store, clock, settings, random, events, newId } = options
    const { abortGraceMs, lease } = settings
    this.#options = options
    this.#bring(settings)
    this.settler = new Settler(store, { clock, events })
    const vitalSigns = new VitalSigns(store)
    const gatherer = (this.#gatherer = new Gatherer({ clock, events, vitalSigns }))
    const [nodeId, loopUse] = [this.#nodeId, new LoopUse(clock)]
    this.attempts = new Attempts({
      store,
      clock,
      events,
      settler: this.settler,
      random,
      abortGraceMs,
      loopUse,
      gatherer,
      logOf: loggerOf(options.logger)
    })
    this.registrar = new Registrar({ store, events, timezoneData, nodeId, newId })
    this.#keeper = new ClockKeeper({ store, clock, events, timezoneData, nodeId, leaseTtlMs: lease.ttlMs })
    this.scheduler = new Scheduler({ store, events, timezoneData, nodeId, random, gatherer, keeper: this.#keeper })
    this.worker = this.#makeWorker()
    this.membership = this.#makeMembership()
    const runningTasks = (): string[] => [...new Set(this.attempts.all.map(attempt => attempt.task.name))]
    const { settler, scheduler, worker, membership, registrar } = this
    const parts = {
      store,
      clock,
      events,
      settings,
      random,
      mayDecide: options.mayDecide,
      settler,
      scheduler,
      worker,
      membership,
      registrar,
      tendOrphans: () => this.tendOrphans(),
      keeper: this.#keeper,
      loopUse,
      runningTasks,
      vitalSigns
    }
    this.#loops = new Loops(parts, options.roles)
    this.#departure = new Departure({
      clock,
      events,
      abortGraceMs,
      leaseTtlMs: lease.ttlMs,
      attempts: this.attempts,
      settler,
      worker,
      membership,
      loops: this.#loops
    })
  }

  #makeWorker(): Worker {
    const { store, clock, settings } = this.#options
    const { concurrency, queues, intervalMs, priorityAgingMs } = settings.worker
    return new Worker({
      store,
      clock,
      attempts: this.attempts,
      settler: this.settler,
      nodeId: this.#nodeId,
      tasks: this.#tasks,
      concurrency,
      queues,
      intervalMs,
      priorityAgingMs
    })
  }

  #makeMembership(): Membership {
    const { store, clock, newId, settings } = this.#options
    return new Membership({
      store,
      clock,
      newId,
      gatherer: this.#gatherer,
      leaseTtlMs: settings.lease.ttlMs,
      renewEveryMs: settings.lease.renewEveryMs,
      record: id => this.#record(id),
      onJoined: () => {
        if (!this.#departure.hasBegun) this.worker.startAccepting()
      },
      onHeld: held => this.worker.reconcile(held),
      onLost: lostId => this.#leaseLost(lostId)
    })
  }

  get store(): Store {
    return this.#options.store
  }

  get roles(): readonly Role[] {
    return this.#options.roles
  }

  /** Joins and registers, but starts no loop: for callers that decide and claim by hand. */
  async begin(): Promise<void> {
    await this.#publish()
    try {
      await this.membership.join()
      await this.#keeper.step()
      if (this.#registers) await this.registrar.register()
    } catch (error) {
      await this.#departure.leave({ stay: false })
      throw error
    }
  }

  async start(): Promise<void> {
    await this.begin()
    this.#loops.start()
    const { events, roles, settings, store } = this.#options
    events.emit('node.started', {
      nodeId: this.membership.id,
      roles,
      rolesFrom: settings.rolesFrom,
      store: store.traits.name
    })
  }

  /** After `begin`: renews and reports by itself, while the caller decides and claims. */
  startUpkeep(): void {
    this.#loops.startUpkeep()
  }

  /** What the first Escapement brought, for which this node was made. */
  get firstBrought(): Brought {
    return this.#options.settings
  }

  wake(): void {
    this.#loops.wake()
  }

  /**
   * Takes over what a second Escapement on the same store brought, in addition to what is there: a process declares one
   * set. Its tasks and schedules replace those of the same names. If this fails, nothing of it stays.
   */
  async adopt(brought: Brought): Promise<void> {
    this.#bring(brought)
    try {
      await this.#describe()
      if (this.#registers) await this.registrar.register()
    } catch (error) {
      await this.withdraw(brought)
      throw error
    }
    const { events } = this.#options
    const names = { tasks: brought.tasks.map(task => task.name), schedules: brought.schedules.map(({ id }) => id) }
    events.emit('node.joined-by-second', { nodeId: this.membership.id, ...names })
    this.wake()
  }

  /** The Escapement that brought it has ended. The process continues for the others. */
  async withdraw(brought: Brought): Promise<void> {
    const at = this.#brought.indexOf(brought)
    if (at === -1) return
    this.#brought.splice(at, 1)
    this.#collectTasks()
    // If the books can't be reached, the node keeps naming it until it ends, which harms nobody.
    await this.#describe().catch(() => undefined)
  }

  /**
   * Checks once for schedules that the apps of this process no longer name. Resolves with the milliseconds until the
   * next check.
   */
  async tendOrphans(): Promise<number> {
    const { store, events } = this.#options
    let restMs = Number.POSITIVE_INFINITY
    for (const app of this.registrar.apps)
      restMs = Math.min(restMs, await tendOrphans(app, { store, events, timezoneData, nodeId: this.#nodeId }))
    return restMs
  }

  /** See `Departure`: each of the following methods begins or shortens it. */
  beforeStop(resign: () => Promise<void>): void {
    this.#departure.beforeStop(resign)
  }

  retire(): Promise<number> {
    return this.#departure.retire()
  }

  endsWithProcess(beforeGivingUp: () => Promise<void>): void {
    this.#departure.endsWithProcess(beforeGivingUp)
  }

  stop(graceMs: number): Promise<Stopped> {
    return this.#departure.stop(graceMs)
  }

  hurry(): void {
    this.#departure.hurry()
  }

  /**
   * Resolves when the handlers that run now have ended, at the latest after `patienceMs`. New ones may begin meanwhile.
   */
  async handlersEnded(patienceMs: number): Promise<void> {
    await waitAtMost(this.#options.clock, patienceMs, this.attempts.whenThoseEnded())
  }

  async #leaseLost(lostId: string): Promise<void> {
    const { events, clock, settings } = this.#options
    events.emit('node.lease-lost', { nodeId: lostId, running: this.attempts.all.length })
    this.worker.stopAccepting()
    this.worker.giveBackUnbegun()
    for (const attempt of this.attempts.all) {
      attempt.revoke()
      this.attempts.abort(attempt, 'lease-lost')
    }
    await waitAtMost(clock, settings.abortGraceMs, this.attempts.whenIdle())
  }

  /** Only a process that schedules writes schedules. The others only say which ones their code names. */
  get #registers(): boolean {
    return this.#options.roles.includes('scheduler')
  }

  #bring(brought: Brought): void {
    this.#brought.push(brought)
    this.#collectTasks()
  }

  #collectTasks(): void {
    this.#tasks.clear()
    for (const { tasks } of this.#brought) for (const task of tasks) this.#tasks.set(task.name, task)
  }

  async #publish(): Promise<void> {
    await keepRedactions(this.store, [...this.#tasks.values()])
    await this.registrar.publish(this.#brought, { registers: this.#registers })
  }

  async #describe(): Promise<void> {
    await this.#publish()
    const { tasks, declares } = this.#record(this.membership.id)
    await this.store.describeNode(this.membership.id, { tasks, declares })
  }

  #record(id: string): NodeRecord {
    return nodeRecordOf(id, this.#options, { tasks: [...this.#tasks.keys()], declares: this.registrar.declares })
  }
}
