import type { Clock } from '../clock/clock.ts'
import type { Emitter } from './events/emitter.ts'
import type { Attempts } from './attempts/attempts.ts'
import type { Loops } from './loops.ts'
import type { Membership } from './membership.ts'
import { waitAtMost } from './patience.ts'
import type { Settler } from './jobs/settler.ts'
import type { Worker } from './jobs/worker.ts'

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

/** Stops a node in order (rule 14). Each wait has a bound: the books, and what decides a seat, may never respond. */
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

  /** Registers what resigns from seats, so that others take over while handlers here still have their grace. */
  beforeStop(resign: () => Promise<void>): void {
    this.#resigning.push(resign)
    if (this.#retired !== undefined) void resign()
  }

  /**
   * The first part: claims and decides nothing more, gives back what has not begun, and resigns from seats. Running
   * jobs continue. Resolves with how many jobs were given back.
   */
  retire(): Promise<number> {
    this.#retired ??= this.#retire()
    return this.#retired
  }

  /**
   * Declares that the process ends right after the stop, and with it handlers that ignore their signals. Their jobs are
   * given back; rescue would blame them for the death of the process. Before that, `beforeGivingUp` is called and
   * awaited, as close to the end as possible.
   */
  endsWithProcess(beforeGivingUp: () => Promise<void>): void {
    this.#beforeGivingUp ??= beforeGivingUp
  }

  /** Gives handlers their grace, then aborts their signals. A second call hurries the first. */
  stop(graceMs: number): Promise<Stopped> {
    if (this.#stopping !== undefined) this.hurry()
    this.#stopping ??= this.#stop(graceMs)
    return this.#stopping
  }

  /** Ends the current grace of the handlers. */
  hurry(): void {
    if (this.#stopping !== undefined) this.#hurry.abort()
  }

  /** If the books can't be reached, the identity expires, as after a crash. */
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
   * Called only after the node has left, so that two live nodes never run one job. At-most-once jobs stay with the node
   * that ends: they are not run again, and are found lost at once.
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
