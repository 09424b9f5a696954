import type { Clock } from '../clock/clock.ts'
import type { Schedule } from '../core/declare.ts'
import type { AnyTask } from '../core/task.ts'
import type { Role, Settings } from '../settings/settings.ts'
import type { NodeRecord } from '../store/nodes.ts'
import type { Store } from '../store/store.ts'
import type { Emitter } from './emitter.ts'
import { ClockKeeper } from './clock-keeper.ts'
import { Executor } from './executor.ts'
import { loggerOf } from './attempt-log.ts'
import { Loops } from './loops.ts'
import { Membership } from './membership.ts'
import { bootId, host, timezoneData } from './process-facts.ts'
import { waitAtMost } from './patience.ts'
import { register } from './registrar.ts'
import { Scheduler } from './scheduler.ts'
import { Settler } from './settler.ts'
import { Worker } from './worker.ts'

export interface NodeOptions {
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly settings: Settings
  readonly roles: readonly Role[]
  /** In [0, 1). */
  readonly random: () => number
  readonly newId: () => string
  /** Of Escapement itself. */
  readonly version: string
  /** Whether this scheduler is the one to decide fire times; by default it always is. Others stand by. */
  readonly mayDecide?: () => boolean
}

export interface Stopped {
  readonly givenBack: number
  /** Handlers that ignored their signal and still run. */
  readonly leftRunning: number
}

/** One process of ours at work: its parts, put together. */
export class EscapementNode {
  readonly #options: NodeOptions
  readonly #tasks: Map<string, AnyTask>
  readonly executor: Executor
  readonly settler: Settler
  readonly scheduler: Scheduler
  readonly worker: Worker
  readonly membership: Membership
  readonly #keeper: ClockKeeper
  readonly #loops: Loops
  readonly #resigning: (() => Promise<void>)[] = []
  #hurry = new AbortController()
  #stopping: Promise<Stopped> | undefined

  constructor(options: NodeOptions) {
    const { store, clock, settings, random, events } = options
    this.#options = options
    this.#tasks = new Map(settings.tasks.map(task => [task.name, task]))
    const nodeId = (): string => this.membership.id
    this.settler = new Settler(store)
    this.executor = new Executor({ ...options, ...settings, settler: this.settler, logOf: loggerOf(settings) })
    this.#keeper = new ClockKeeper({ store, clock, events, timezoneData, nodeId, leaseTtlMs: settings.leaseTtlMs })
    this.scheduler = new Scheduler({ store, events, timezoneData, nodeId, random, keeper: this.#keeper })
    this.worker = new Worker({
      ...settings,
      store,
      clock,
      nodeId,
      tasks: this.#tasks,
      executor: this.executor,
      settler: this.settler
    })
    this.membership = new Membership({
      ...options,
      ...settings,
      record: id => this.#record(id),
      onJoined: () => {
        if (this.#stopping === undefined) this.worker.startAccepting()
      },
      onHeld: held => this.worker.reconcile(held),
      onLost: lostId => this.#leaseLost(lostId)
    })
    const runningTasks = (): string[] => [...new Set(this.executor.attempts.map(attempt => attempt.task.name))]
    const { settler, scheduler, worker, membership } = this
    this.#loops = new Loops(
      { ...options, settler, scheduler, worker, membership, keeper: this.#keeper, runningTasks },
      options.roles
    )
  }

  get store(): Store {
    return this.#options.store
  }

  get roles(): readonly Role[] {
    return this.#options.roles
  }

  /** Joins and registers, and lets nothing go on by itself: for those who step the loops by hand. */
  async begin(): Promise<void> {
    await this.membership.join()
    await this.#keeper.step()
    await this.#register(this.#options.settings.schedules)
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

  wake(): void {
    this.#loops.wake()
  }

  /** Takes over what a second Escapement on the same store brought. Its tasks replace those of the same names. */
  async adopt(tasks: readonly AnyTask[], schedules: readonly Schedule[]): Promise<void> {
    for (const task of tasks) this.#tasks.set(task.name, task)
    await this.#register(schedules)
    const { events } = this.#options
    const names = { tasks: tasks.map(task => task.name), schedules: schedules.map(schedule => schedule.id) }
    events.emit('node.joined-by-second', { nodeId: this.membership.id, ...names })
    this.wake()
  }

  /** Others take over seats while handlers here still have their grace. */
  beforeStop(resign: () => Promise<void>): void {
    this.#resigning.push(resign)
  }

  /** Ends in order (rule 14): nothing more is claimed, handlers get their grace, then their signals are aborted. */
  stop(graceMs: number): Promise<Stopped> {
    if (this.#stopping !== undefined) this.#hurry.abort()
    this.#stopping ??= this.#stop(graceMs)
    return this.#stopping
  }

  async #stop(graceMs: number): Promise<Stopped> {
    const { clock, settings, events } = this.#options
    this.worker.stopAccepting()
    const resigned = Promise.all(this.#resigning.map(resign => resign()))
    const givenBack = this.worker.giveBackUnbegun()
    await this.#loops.stopBeginning()
    const unbegun = givenBack + this.worker.giveBackUnbegun()
    const idle = this.executor.whenIdle()
    await waitAtMost(clock, graceMs, idle, this.#hurry.signal)
    for (const attempt of this.executor.attempts) this.executor.abort(attempt, 'stopping')
    this.#hurry = new AbortController()
    await waitAtMost(clock, settings.abortGraceMs, idle, this.#hurry.signal)
    await this.#reportAll()
    await resigned
    await this.#loops.stop()
    const leftRunning = this.executor.running
    // Books that can't be told now see the identity expire, as they would after a crash.
    await this.membership.leave({ stay: leftRunning > 0 }).catch(() => undefined)
    const stopped = { givenBack: unbegun, leftRunning }
    events.emit('node.stopped', { nodeId: this.membership.id, ...stopped })
    return stopped
  }

  /** Reports that can't be written within a lease are left to rescue. */
  async #reportAll(): Promise<void> {
    const { clock, settings } = this.#options
    await waitAtMost(clock, settings.leaseTtlMs, this.settler.idle())
  }

  async #leaseLost(lostId: string): Promise<void> {
    const { events, clock, settings } = this.#options
    events.emit('node.lease-lost', { nodeId: lostId, running: this.executor.attempts.length })
    this.worker.stopAccepting()
    this.worker.giveBackUnbegun()
    for (const attempt of this.executor.attempts) {
      attempt.isRevoked = true
      this.executor.abort(attempt, 'lease-lost')
    }
    await waitAtMost(clock, settings.abortGraceMs, this.executor.whenIdle())
  }

  async #register(schedules: readonly Schedule[]): Promise<void> {
    const { settings, roles, store, events, newId } = this.#options
    if (!roles.includes('scheduler')) return
    const { name: app, release, defaults } = settings
    const declarations = schedules.map(({ id, define }) => ({ id, definition: define(defaults), app, release }))
    await register(declarations, { store, events, app, release, timezoneData, newId, nodeId: () => this.membership.id })
  }

  #record(id: string): NodeRecord {
    const { roles, settings, version } = this.#options
    const tasks = roles.includes('worker') ? [...this.#tasks.keys()] : []
    return {
      id,
      host,
      pid: process.pid,
      bootId: bootId(),
      roles,
      tasks,
      release: settings.release,
      version,
      timezoneData
    }
  }
}
