import type { Clock } from '../clock/clock.ts'
import type { Emitter } from './events/emitter.ts'
import type { Attempts } from './attempts/attempts.ts'
import type { Loops } from './loops.ts'
import type { Membership } from './membership.ts'
import { waitAtMost } from './patience.ts'
import type { Settler } from './work/settler.ts'
import type { Worker } from './work/worker.ts'

export interface Stopped {
  readonly givenBack: number
  /** Handlers that ignored their signal and still run. */
  readonly leftRunning: number
}

export interface DepartureParts {
  readonly clock: Clock
  readonly events: Emitter
  readonly abortGraceMs: number
  readonly leaseTtlMs: number
  readonly attempts: Attempts
  readonly settler: Settler
  readonly worker: Worker
  readonly membership: Membership
  readonly loops: Loops
}

/** How a node ends in order (rule 14). Each wait of it has a bound: books, and what decides a seat, may never answer. */
export class Departure {
  readonly #parts: DepartureParts
  readonly #resigning: (() => Promise<void>)[] = []
  #hurry = new AbortController()
  #retired: Promise<number> | undefined
  #resigned: Promise<unknown> = Promise.resolve()
  #beforeGivingUp: (() => Promise<void>) | undefined
  #stopping: Promise<Stopped> | undefined

  constructor(parts: DepartureParts) {
    this.#parts = parts
  }

  get hasBegun(): boolean {
    return this.#retired !== undefined
  }

  /** Others take over seats while handlers here still have their grace. */
  beforeStop(resign: () => Promise<void>): void {
    this.#resigning.push(resign)
    if (this.#retired !== undefined) void resign()
  }

  /**
   * The first part: nothing more is claimed or decided, what has not begun is given back, and seats are resigned from.
   * What runs goes on. Answers how many jobs were given back.
   */
  retire(): Promise<number> {
    this.#retired ??= this.#retire()
    return this.#retired
  }

  /**
   * The process ends right after the stop, and with it handlers that ignore their signals: their jobs are given back
   * rather than left to rescue, which would hold the death of the process against them. `beforeGivingUp` is called, and
   * waited for, before that: the less passes between that and the end, the better.
   */
  endsWithProcess(beforeGivingUp: () => Promise<void>): void {
    this.#beforeGivingUp ??= beforeGivingUp
  }

  /** Handlers get their grace, then their signals are aborted. A second call hurries the first. */
  stop(graceMs: number): Promise<Stopped> {
    if (this.#stopping !== undefined) this.hurry()
    this.#stopping ??= this.#stop(graceMs)
    return this.#stopping
  }

  /** Ends the grace that handlers have at present. */
  hurry(): void {
    if (this.#stopping !== undefined) this.#hurry.abort()
  }

  /** Books that can't be told now see the identity expire, as they would after a crash. */
  async leave(how: { readonly stay: boolean }): Promise<void> {
    const { clock, abortGraceMs, membership } = this.#parts
    const left = membership.leave(how).catch(() => undefined)
    await waitAtMost(clock, abortGraceMs, left)
  }

  async #retire(): Promise<number> {
    const { worker, attempts, membership, events, loops } = this.#parts
    worker.stopAccepting()
    this.#resigned = Promise.allSettled(this.#resigning.map(resign => resign()))
    const givenBack = worker.giveBackUnbegun()
    events.emit('node.retired', { nodeId: membership.id, running: attempts.all.length })
    await loops.stopBeginning()
    return givenBack + worker.giveBackUnbegun()
  }

  async #stop(graceMs: number): Promise<Stopped> {
    const { clock, abortGraceMs, events, attempts, membership } = this.#parts
    let givenBack = 0
    const retired = this.retire().then(count => {
      givenBack = count
    })
    const idle = retired.then(() => attempts.whenIdle())
    await waitAtMost(clock, graceMs, idle, this.#hurry.signal)
    for (const attempt of attempts.all) attempts.abort(attempt, 'stopping')
    this.#hurry = new AbortController()
    await waitAtMost(clock, abortGraceMs, attempts.whenIdle(), this.#hurry.signal)
    if (attempts.running > 0) await this.#beforeGivingUp?.()
    await this.#part()
    if (this.#beforeGivingUp !== undefined) await this.#giveBackRunning()
    const stopped = { givenBack, leftRunning: attempts.running }
    events.emit('node.stopped', { nodeId: membership.id, ...stopped })
    return stopped
  }

  async #part(): Promise<void> {
    const { clock, abortGraceMs, leaseTtlMs, settler, loops, attempts } = this.#parts
    // Reports that can't be written within a lease are left to rescue.
    await waitAtMost(clock, leaseTtlMs, settler.idle())
    await waitAtMost(clock, abortGraceMs, this.#resigned)
    await waitAtMost(clock, abortGraceMs, loops.stop())
    await this.leave({ stay: attempts.running > 0 && this.#beforeGivingUp === undefined })
  }

  /**
   * Only after the node has left, so that never two live nodes run one job. At-most-once jobs stay with the node that
   * ends: they are not run again, and found lost at once.
   */
  async #giveBackRunning(): Promise<void> {
    const { clock, abortGraceMs, settler, attempts } = this.#parts
    for (const attempt of attempts.all) {
      const { id, fence, delivery } = attempt.claimed
      attempt.revoke()
      if (delivery === 'at-least-once') settler.add({ id, fence, outcome: { kind: 'given-back' } }, () => undefined)
    }
    const written = settler.flush().catch(() => undefined)
    await waitAtMost(clock, abortGraceMs, written)
  }
}
