import type { Clock } from '../clock/clock.ts'
import { timezoneData } from '../core/trigger/timezone-data.ts'
import type { Role } from '../settings/kinds/roles.ts'
import type { Settings } from '../settings/settings.ts'
import type { Store } from '../store/store.ts'
import { type ClockKeeper, HELD_LOOK_MS } from './time/clock-keeper.ts'
import { AlertWatch } from './alerts/alert-watch.ts'
import { callHeartbeat } from './alerts/heartbeat.ts'
import type { Emitter } from './events/emitter.ts'
import { LagWatch } from './attempts/lag-watch.ts'
import type { Claimer } from './jobs/claimer.ts'
import { type Idle, Loop } from './loop.ts'
import type { LoopUse } from './attempts/loop-use.ts'
import type { Membership } from './membership.ts'
import { host } from './process-facts.ts'
import { prune, PRUNE_EVERY_MS } from './pruner.ts'
import type { Registrar } from './schedules/registrar.ts'
import { Rescuer, SWEEP_EVERY_MS } from './jobs/rescuer.ts'
import type { Scheduler } from './schedules/scheduler.ts'
import type { Settler } from './jobs/settler.ts'
import { isStandbyNeeded, STANDBY_LOOK_MS } from './schedules/standby.ts'
import type { VitalSigns } from './counts/vital-signs.ts'
import type { Worker } from './jobs/worker.ts'
import { ZoneRefresher } from './schedules/zone-refresher.ts'

const FOR_EVER_MS = 3_600_000

export interface LoopParts {
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly settings: Pick<Settings, 'alerts' | 'lease' | 'retention'>
  readonly random: () => number
  readonly membership: Membership
  readonly scheduler: Scheduler
  readonly worker: Worker
  readonly settler: Settler
  readonly registrar: Registrar
  /** Checks once for schedules that code no longer names. Resolves with the milliseconds until the next check. */
  readonly tendOrphans: () => Promise<number>
  readonly keeper: ClockKeeper
  readonly mayDecide?: (() => boolean) | undefined
  readonly loopUse: LoopUse
  /** Names of the tasks that run now. */
  readonly runningTasks: () => readonly string[]
  readonly vitalSigns: VitalSigns
}

/** All loops of a node. */
export class Loops {
  readonly #parts: LoopParts
  readonly #heartbeat: Loop
  readonly #settling: Loop
  readonly #scheduling: Loop | undefined
  readonly #claiming: readonly Loop[]
  readonly #maintenance: readonly Loop[]
  readonly #lagWatch: LagWatch
  #unwatch: (() => void) | undefined
  #keepAlive: NodeJS.Timeout | undefined

  constructor(parts: LoopParts, roles: readonly Role[]) {
    const { membership, worker, scheduler, settler, settings, store, clock, events } = parts
    this.#parts = parts
    this.#heartbeat = this.#loop('heartbeat', () => membership.renew())
    this.#settling = this.#loop('settle', () => this.#settle())
    settler.drivenBy(this.#settling)
    scheduler.onWritten(() => this.#wakeClaimers())
    this.#scheduling = roles.includes('scheduler') ? this.#loop('scheduler', () => this.#schedule()) : undefined
    this.#claiming = roles.includes('worker') ? worker.claimers.map(claimer => this.#claimerLoop(claimer)) : []
    const { ttlMs: leaseTtlMs, renewEveryMs } = settings.lease
    const rescuer = new Rescuer({ store, clock, events, leaseTtlMs, renewEveryMs })
    const rescue = this.#loop('rescuer', async () => {
      if ((await rescuer.sweep()) > 0) this.#wakeClaimers()
      return SWEEP_EVERY_MS
    })
    const prunes = this.#loop(
      'pruner',
      this.#lateFirst(() => this.#prune())
    )
    const isWorking = roles.includes('scheduler') || roles.includes('worker')
    const ofSchedules = roles.includes('scheduler') ? [this.#zoneLoop(), ...this.#ownerLoops()] : []
    const clockLooks = this.#loop('clock', () => parts.keeper.step())
    parts.keeper.onChanged(() => this.wake())
    const ofWork = isWorking ? [rescue, prunes, clockLooks, ...ofSchedules] : []
    this.#maintenance = [...ofWork, ...this.#alertLoops()]
    const { loopUse, runningTasks } = parts
    this.#lagWatch = new LagWatch({ clock, events, nodeId: () => membership.id, loopUse, runningTasks })
  }

  start(): void {
    this.startUpkeep()
    for (const loop of this.#beginning()) loop.start()
    this.#lagWatch.start()
    this.#unwatch = this.#parts.store.watch(() => this.wake())
  }

  /** Starts the loops that keep what has begun: renewals and reports. */
  startUpkeep(): void {
    this.#keepAlive ??= setInterval(() => undefined, FOR_EVER_MS)
    this.#parts.vitalSigns.start()
    this.#heartbeat.start()
    this.#settling.start()
  }

  /** Something was written: looks for due fire times and jobs at once. */
  wake(): void {
    this.#scheduling?.wake()
    this.#wakeClaimers()
  }

  /** Stops the loops that begin new work. Reports and renewals continue. */
  async stopBeginning(): Promise<void> {
    this.#unwatch?.()
    this.#lagWatch.stop()
    await Promise.all(this.#beginning().map(loop => loop.stop()))
  }

  async stop(): Promise<void> {
    await this.stopBeginning()
    await Promise.all([this.#settling.stop(), this.#heartbeat.stop()])
    this.#parts.vitalSigns.stop()
    clearInterval(this.#keepAlive)
    this.#keepAlive = undefined
  }

  #beginning(): readonly Loop[] {
    const scheduling = this.#scheduling === undefined ? [] : [this.#scheduling]
    return [...scheduling, ...this.#claiming, ...this.#maintenance]
  }

  /** In every process, also in one that only serves: dead workers can't speak. Without channels there is nobody to tell. */
  #alertLoops(): Loop[] {
    const { store, clock, events, settings } = this.#parts
    const { channels = [] } = settings.alerts
    if (channels.length === 0) return []
    const watch = new AlertWatch({
      store,
      clock,
      events,
      settings: settings.alerts,
      channels,
      leaseTtlMs: settings.lease.ttlMs,
      process: { host, pid: process.pid },
      beat: callHeartbeat
    })
    return [this.#loop('alerts', () => watch.step())]
  }

  /** The loops that keep schedules as the code of the live processes declares them. */
  #ownerLoops(): Loop[] {
    const { registrar, tendOrphans, settings } = this.#parts
    const looks = this.#loop('registrar', async () => {
      await registrar.look()
      return settings.lease.renewEveryMs
    })
    return [looks, this.#loop('orphans', this.#lateFirst(tendOrphans))]
  }

  #claimerLoop(claimer: Claimer): Loop {
    const loop = this.#loop('worker', async () => {
      const { claims } = claimer
      const restMs = await claimer.tick()
      return claimer.claims > claims ? restMs : { idleMs: restMs }
    })
    claimer.drivenBy(loop)
    return loop
  }

  /** A fire time that was recomputed may be due already. */
  #zoneLoop(): Loop {
    const { store, events } = this.#parts
    const refresher = new ZoneRefresher({ store, events, timezoneData, onRefreshed: () => this.#scheduling?.wake() })
    return this.#loop('time zones', () => refresher.tick())
  }

  async #schedule(): Promise<number> {
    const { scheduler, store, mayDecide } = this.#parts
    if (mayDecide?.() === false && !(await isStandbyNeeded(store))) return STANDBY_LOOK_MS
    return scheduler.tick()
  }

  /** What is pruned under a wrong clock is gone for good. */
  async #prune(): Promise<number> {
    const { keeper, settings, store } = this.#parts
    return (await keeper.isBelieved()) ? prune({ store, retention: settings.retention }) : HELD_LOOK_MS
  }

  /** Reports of one turn of the event loop are sent together. */
  async #settle(): Promise<number> {
    const { settler } = this.#parts
    await new Promise(resolve => setImmediate(resolve))
    await settler.flush()
    if (settler.takeRetries()) this.#wakeClaimers()
    return settler.restMs ?? FOR_EVER_MS
  }

  /** Looks at once for jobs that were created or freed here: the store's watch reports only the writes of others. */
  #wakeClaimers(): void {
    for (const loop of this.#claiming) loop.wake()
  }

  /** Delays the first step at random, so that processes that start together don't do it together. */
  #lateFirst(step: () => Promise<number>): () => Promise<number> {
    let isFirst = true
    return async () => {
      if (!isFirst) return step()
      isFirst = false
      return Math.round(this.#parts.random() * PRUNE_EVERY_MS)
    }
  }

  #loop(name: string, step: () => Promise<number | Idle>): Loop {
    const { clock, events, random } = this.#parts
    return new Loop({ name, clock, events, random, step })
  }
}
