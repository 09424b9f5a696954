import type { Clock } from '../clock/clock.ts'
import type { AnyTask } from '../core/task.ts'
import type { Role, Settings } from '../settings/settings.ts'
import type { NodeRecord } from '../store/nodes.ts'
import type { Store } from '../store/store.ts'
import type { Emitter } from './emitter.ts'
import { Executor } from './executor.ts'
import { loggerOf } from './attempt-log.ts'
import type { Brought } from './declared.ts'
import { Loops } from './loops.ts'
import { LoopUse } from './loop-use.ts'
import { Membership } from './membership.ts'
import { bootId, host, timezoneData } from './process-facts.ts'
import { waitAtMost } from './patience.ts'
import { tendOrphans } from './orphans.ts'
import { Registrar } from './registrar.ts'
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
  readonly #tasks = new Map<string, AnyTask>()
  /** By each Escapement of this process on these books, the first one first. */
  readonly #brought: Brought[] = []
  readonly executor: Executor
  readonly settler: Settler
  readonly scheduler: Scheduler
  readonly worker: Worker
  readonly membership: Membership
  readonly registrar: Registrar
  readonly #loops: Loops
  readonly #resigning: (() => Promise<void>)[] = []
  #hurry = new AbortController()
  #retired: Promise<number> | undefined
  #resigned: Promise<unknown> = Promise.resolve()
  #beforeGivingUp: (() => Promise<void>) | undefined
  #stopping: Promise<Stopped> | undefined

  constructor(options: NodeOptions) {
    const { store, clock, settings, random, events } = options
    this.#options = options
    this.#bring(settings)
    const nodeId = (): string => this.membership.id
    this.settler = new Settler(store, { clock, events })
    const loopUse = new LoopUse(clock)
    this.executor = new Executor({ ...options, ...settings, settler: this.settler, loopUse, logOf: loggerOf(settings) })
    this.registrar = new Registrar({ ...options, timezoneData, nodeId })
    this.scheduler = new Scheduler({ store, events, timezoneData, nodeId, random })
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
        if (this.#retired === undefined) this.worker.startAccepting()
      },
      onHeld: held => this.worker.reconcile(held),
      onLost: lostId => this.#leaseLost(lostId)
    })
    const runningTasks = (): string[] => [...new Set(this.executor.attempts.map(attempt => attempt.task.name))]
    const { settler, scheduler, worker, membership, registrar } = this
    const tend = (): Promise<number> => this.tendOrphans()
    const parts = {
      ...options,
      settler,
      scheduler,
      worker,
      membership,
      registrar,
      tendOrphans: tend,
      loopUse,
      runningTasks
    }
    this.#loops = new Loops(parts, options.roles)
  }

  get store(): Store {
    return this.#options.store
  }

  get roles(): readonly Role[] {
    return this.#options.roles
  }

  /** Joins and registers, and lets nothing go on by itself: for those who step the loops by hand. */
  async begin(): Promise<void> {
    await this.#publish()
    try {
      await this.membership.join()
      if (this.#registers) await this.registrar.register()
    } catch (error) {
      await this.#leave({ stay: false })
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

  /** What the Escapement brought that this node was made for. */
  get firstBrought(): Brought {
    return this.#options.settings
  }

  wake(): void {
    this.#loops.wake()
  }

  /**
   * Takes over what a second Escapement on the same store brought, beside what is there: what a process declares is one
   * set. Its tasks and schedules replace those of the same names. Where that fails nothing of it stays.
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

  /** Whoever brought it has ended, and the process goes on for the others. */
  async withdraw(brought: Brought): Promise<void> {
    const at = this.#brought.indexOf(brought)
    if (at === -1) return
    this.#brought.splice(at, 1)
    this.#collectTasks()
    // Where the books can't be told the node goes on naming it until it ends, which harms nobody.
    await this.#describe().catch(() => undefined)
  }

  /** One look at what the apps of this process no longer name. Answers after how long to look again. */
  async tendOrphans(): Promise<number> {
    const { store, events } = this.#options
    const nodeId = (): string => this.membership.id
    let restMs = Number.POSITIVE_INFINITY
    for (const app of this.registrar.apps)
      restMs = Math.min(restMs, await tendOrphans(app, { store, events, timezoneData, nodeId }))
    return restMs
  }

  /** Others take over seats while handlers here still have their grace. */
  beforeStop(resign: () => Promise<void>): void {
    this.#resigning.push(resign)
    if (this.#retired !== undefined) void resign()
  }

  /**
   * The first part of a stop (rule 14): nothing more is claimed or decided, what has not begun is given back, and seats
   * are resigned from. What runs goes on. Answers how many jobs were given back.
   */
  retire(): Promise<number> {
    this.#retired ??= this.#retire()
    return this.#retired
  }

  async #retire(): Promise<number> {
    this.worker.stopAccepting()
    this.#resigned = Promise.allSettled(this.#resigning.map(resign => resign()))
    const givenBack = this.worker.giveBackUnbegun()
    this.#options.events.emit('node.retired', { nodeId: this.membership.id, running: this.executor.attempts.length })
    await this.#loops.stopBeginning()
    return givenBack + this.worker.giveBackUnbegun()
  }

  /**
   * The process ends right after the stop, and with it handlers that ignore their signals: their jobs are given back
   * rather than left to rescue, which would hold the death of the process against them. `beforeGivingUp` is called, and
   * waited for, before that: the less passes between that and the end, the better.
   */
  endsWithProcess(beforeGivingUp: () => Promise<void>): void {
    this.#beforeGivingUp ??= beforeGivingUp
  }

  /** Resolves when the handlers that run now have ended, at the latest after `patienceMs`. Others may begin meanwhile. */
  async handlersEnded(patienceMs: number): Promise<void> {
    await waitAtMost(this.#options.clock, patienceMs, this.executor.whenThoseEnded())
  }

  /** Ends in order (rule 14): nothing more is claimed, handlers get their grace, then their signals are aborted. */
  stop(graceMs: number): Promise<Stopped> {
    if (this.#stopping !== undefined) this.hurry()
    this.#stopping ??= this.#stop(graceMs)
    return this.#stopping
  }

  /** Ends the grace that handlers of a node that stops have at present. */
  hurry(): void {
    if (this.#stopping !== undefined) this.#hurry.abort()
  }

  async #stop(graceMs: number): Promise<Stopped> {
    const { clock, settings, events } = this.#options
    let givenBack = 0
    const retired = this.retire().then(count => {
      givenBack = count
    })
    const idle = retired.then(() => this.executor.whenIdle())
    await waitAtMost(clock, graceMs, idle, this.#hurry.signal)
    for (const attempt of this.executor.attempts) this.executor.abort(attempt, 'stopping')
    this.#hurry = new AbortController()
    await waitAtMost(clock, settings.abortGraceMs, this.executor.whenIdle(), this.#hurry.signal)
    if (this.executor.running > 0) await this.#beforeGivingUp?.()
    await this.#part()
    if (this.#beforeGivingUp !== undefined) await this.#giveBackRunning()
    const stopped = { givenBack, leftRunning: this.executor.running }
    events.emit('node.stopped', { nodeId: this.membership.id, ...stopped })
    return stopped
  }

  /**
   * Only after the node has left, so that never two live nodes run one job. At-most-once jobs stay with the node that
   * ends: they are not run again, and found lost at once.
   */
  async #giveBackRunning(): Promise<void> {
    const { clock, settings } = this.#options
    for (const attempt of this.executor.attempts) {
      const { id, fence, delivery } = attempt.claimed
      attempt.revoke()
      if (delivery === 'at-least-once')
        this.settler.add({ id, fence, outcome: { kind: 'given-back' } }, () => undefined)
    }
    const written = this.settler.flush().catch(() => undefined)
    await waitAtMost(clock, settings.abortGraceMs, written)
  }

  /** Each of these may hang with the books or with what decides who holds a seat; none of them may hold up the end. */
  async #part(): Promise<void> {
    const { clock, settings } = this.#options
    // Reports that can't be written within a lease are left to rescue.
    await waitAtMost(clock, settings.leaseTtlMs, this.settler.idle())
    await waitAtMost(clock, settings.abortGraceMs, this.#resigned)
    await waitAtMost(clock, settings.abortGraceMs, this.#loops.stop())
    await this.#leave({ stay: this.executor.running > 0 && this.#beforeGivingUp === undefined })
  }

  /** Books that can't be told now see the identity expire, as they would after a crash. */
  async #leave(how: { stay: boolean }): Promise<void> {
    const { clock, settings } = this.#options
    const left = this.membership.leave(how).catch(() => undefined)
    await waitAtMost(clock, settings.abortGraceMs, left)
  }

  async #leaseLost(lostId: string): Promise<void> {
    const { events, clock, settings } = this.#options
    events.emit('node.lease-lost', { nodeId: lostId, running: this.executor.attempts.length })
    this.worker.stopAccepting()
    this.worker.giveBackUnbegun()
    for (const attempt of this.executor.attempts) {
      attempt.revoke()
      this.executor.abort(attempt, 'lease-lost')
    }
    await waitAtMost(clock, settings.abortGraceMs, this.executor.whenIdle())
  }

  /** Only a process that schedules writes schedules; the others say which ones their code names. */
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

  #publish(): Promise<void> {
    return this.registrar.publish(this.#brought, { registers: this.#registers })
  }

  async #describe(): Promise<void> {
    await this.#publish()
    const { tasks, declares } = this.#record(this.membership.id)
    await this.store.describeNode(this.membership.id, { tasks, declares })
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
      declares: this.registrar.declares,
      release: settings.release,
      version,
      timezoneData
    }
  }
}
