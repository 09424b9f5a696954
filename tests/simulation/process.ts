import { isEscapementError } from '../../src/core/errors.ts'
import type { AttemptKey, ClaimedJob } from '../../src/core/job/job.ts'
import { timezoneData } from '../../src/core/trigger/timezone-data.ts'
import { Emitter } from '../../src/runtime/events/emitter.ts'
import { Rescuer } from '../../src/runtime/jobs/rescuer.ts'
import { Scheduler } from '../../src/runtime/schedules/scheduler.ts'
import type { Store } from '../../src/store/store.ts'
import type { MemoryTransaction } from '../../src/stores/memory/effects.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import type { Chance } from './chance.ts'
import { behindGate, Gate } from './gate.ts'

export const LEASE_TTL_MS = 15_000
export const RENEW_EVERY_MS = 5_000
export const TASKS = ['scrape', 'mail', 'once']
const CLAIM_AT_ONCE = 4
const CONCURRENCY = 6

interface Attempt {
  readonly job: ClaimedJob
  readonly identity: string
  /** By the true time. */
  readonly endsAt: number
}

export interface ProcessOptions {
  readonly name: string
  readonly chance: Chance
  /** The true time, which no process knows. */
  readonly trueNow: () => number
  readonly open: (clock: ManualClock) => Store
}

export const effectOf = ({ id, scheduleId, fireAt }: Pick<ClaimedJob, 'id' | 'scheduleId' | 'fireAt'>): string =>
  fireAt === undefined ? id : `${scheduleId}@${fireAt}`

/** One process of ours: the real scheduler and rescuer, and a small worker, over a clock and a connection of its own. */
export class SimulatedProcess {
  readonly clock: ManualClock
  readonly held = new Map<string, Attempt>()
  gate = new Gate()
  state: 'up' | 'frozen' | 'down' = 'down'
  /** When it was last seen to begin or go on, by the true time. */
  aliveSince = 0
  /** True while its monotonic clock stands, as in a machine that sleeps. */
  isSuspended = false
  identity = ''
  store!: Store
  readonly #options: ProcessOptions
  #scheduler!: Scheduler
  #rescuer!: Rescuer
  #boots = 0
  #pending: Promise<void> = Promise.resolve()
  #claimsAwaited = 0

  constructor(options: ProcessOptions) {
    this.#options = options
    this.clock = new ManualClock(options.trueNow())
  }

  /** Does the work until it ends or the process is halted in the middle of it. */
  async run(work: () => Promise<void>): Promise<void> {
    if (this.state !== 'up') return
    const before = this.#pending
    this.#pending = Promise.all([before, tolerant(work)]).then(() => undefined)
    await this.gate.until(this.#pending)
    if (this.gate.isShut && this.state === 'up') this.state = 'frozen'
  }

  async boot(): Promise<void> {
    const { chance, open, trueNow } = this.#options
    this.gate = new Gate()
    this.state = 'up'
    this.aliveSince = trueNow()
    this.isSuspended = false
    this.held.clear()
    this.#claimsAwaited = 0
    this.#pending = Promise.resolve()
    this.store = behindGate(open(this.clock), this.gate, chance)
    const events = new Emitter()
    const { store, clock } = this
    this.#scheduler = new Scheduler({
      store,
      events,
      timezoneData,
      nodeId: () => this.identity,
      random: chance.fraction
    })
    this.#rescuer = new Rescuer({ store, clock, events, leaseTtlMs: LEASE_TTL_MS, renewEveryMs: RENEW_EVERY_MS })
    await this.run(() => this.#join())
  }

  crash(): void {
    this.gate.shut()
    this.state = 'down'
    this.held.clear()
  }

  freeze(): void {
    this.gate.shut()
    this.state = 'frozen'
  }

  /** Goes on where it stood: first with what it was about to do, for it does not know that time has passed. */
  async thaw(): Promise<void> {
    this.state = 'up'
    this.isSuspended = false
    this.aliveSince = this.#options.trueNow()
    this.gate.open()
    await this.run(async () => undefined)
    if (this.#options.chance.in100(30)) await this.run(() => this.step())
    await this.run(() => this.finishDue())
    await this.run(() => this.renew())
  }

  async step(): Promise<void> {
    await this.#scheduler.tick()
    await this.work()
  }

  async round(): Promise<void> {
    await this.renew()
    await this.#rescuer.sweep()
  }

  get canClaim(): boolean {
    const attempts = [...this.held.values()]
    return (
      attempts.length < CONCURRENCY &&
      attempts.every(({ identity, job }) => identity === this.identity && job.rescues === 0)
    )
  }

  async renew(): Promise<void> {
    const renewal = await this.store.renew(this.identity)
    if (renewal.phase === 'lost') return this.#join()
    const unknown = renewal.held.filter(attempt => this.held.get(attempt.id)?.job.fence !== attempt.fence)
    if (unknown.length > 0 && this.#claimsAwaited === 0)
      await this.store.settle(unknown.map(({ id, fence }) => ({ id, fence, outcome: { kind: 'given-back' } })))
  }

  async finishDue(): Promise<void> {
    for (const attempt of this.held.values()) if (attempt.endsAt <= this.#options.trueNow()) await this.#finish(attempt)
  }

  async #join(): Promise<void> {
    this.identity = `${this.#options.name}.${++this.#boots}`
    const record = {
      host: 'harbour',
      pid: 1,
      bootId: 'boot',
      roles: ['scheduler', 'worker'],
      release: 1,
      version: '0.1.0'
    }
    await this.store.join({ ...record, id: this.identity, tasks: TASKS, declares: [], timezoneData })
  }

  async work(): Promise<void> {
    while (this.canClaim) {
      const limit = Math.min(CLAIM_AT_ONCE, CONCURRENCY - this.held.size)
      const mayTakeSolo = this.held.size === 0
      this.#claimsAwaited++
      const { jobs } = await this.store
        .claim({ node: this.identity, tasks: TASKS, queues: undefined, limit, mayTakeSolo })
        .finally(() => this.#claimsAwaited--)
      if (jobs.length === 0) return
      for (const job of jobs) this.#hold(job)
      for (const job of jobs) await this.#begin(job)
    }
  }

  #hold(job: ClaimedJob): void {
    const { chance, trueNow } = this.#options
    const durationMs = chance.in100(85) ? 0 : chance.between(1, chance.pick([10_000, 120_000, 3_600_000, 21_600_000]))
    this.held.set(job.id, { job, identity: this.identity, endsAt: trueNow() + durationMs })
  }

  async #begin(job: ClaimedJob): Promise<void> {
    const attempt = this.held.get(job.id)
    if (attempt === undefined || attempt.job.fence !== job.fence) return
    if (job.delivery === 'at-most-once' && !(await this.store.markStarted(keyOf(job)))) this.#drop(job)
    else if (attempt.endsAt <= this.#options.trueNow()) await this.#finish(attempt)
  }

  async #finish({ job }: Attempt): Promise<void> {
    const { chance } = this.#options
    const fails = job.delivery === 'at-least-once' && job.attempt <= 3 && chance.in100(5)
    try {
      if (fails) await this.#fail(job)
      else await this.store.transact(keyOf(job), tx => countEffect(tx as MemoryTransaction, effectOf(job)))
    } finally {
      this.#drop(job)
    }
  }

  async #fail(job: ClaimedJob): Promise<void> {
    const at = this.clock.now()
    const failure = { attempt: job.attempt, at, message: 'The harbour did not answer.' }
    const retryAt = at + this.#options.chance.between(1, 600_000)
    await this.store.settle([{ ...keyOf(job), outcome: { kind: 'failed', failure, retryAt } }])
  }

  #drop(job: ClaimedJob): void {
    if (this.held.get(job.id)?.job.fence === job.fence) this.held.delete(job.id)
  }
}

const keyOf = ({ id, fence }: AttemptKey): AttemptKey => ({ id, fence })

function countEffect({ effects }: MemoryTransaction, key: string): undefined {
  effects.set(key, Number(effects.get(key) ?? 0) + 1)
}

/** A lost answer ends the step and no more: the loops of a process go on by themselves. */
async function tolerant(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isEscapementError(error)) throw error
  }
}
