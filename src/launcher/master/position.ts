import type { Clock } from '../../clock/clock.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Ended, LaunchedProcess } from './launched-process.ts'
import type { ProcessPlan } from './plan.ts'
import { afterExit } from './restart.ts'
import type { Haste } from '../stop-signals.ts'

/** A process as its position sees it. */
export type PositionedProcess = Pick<
  LaunchedProcess,
  'ready' | 'ended' | 'isReady' | 'pid' | 'url' | 'failure' | 'wasKilled' | 'stop'
>

export interface PositionOptions {
  readonly plan: ProcessPlan
  /** `hasPredecessor`: another process still holds the position, so nothing depends on the new one yet. */
  readonly spawn: (start: { readonly hasPredecessor: boolean }) => PositionedProcess
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  /** Early ends in a row that lead to a restart; one more gives up. */
  readonly maxRestarts: number
  /** In development: an ended process is not restarted, since its code has to be fixed first. */
  readonly waitsForChange: boolean
  readonly notice: (text: string) => void
  /** Its processes, or their readiness, have changed. */
  readonly onChange: () => void
  readonly onGiveUp: (code: ExitCode) => void
}

/** A position in the topology, with its processes: the current one, its successor, and those that are leaving. */
export class Position {
  readonly plan: ProcessPlan
  readonly #options: PositionOptions
  readonly #leaving = new Set<PositionedProcess>()
  #current: PositionedProcess | undefined
  #successor: PositionedProcess | undefined
  /** How processes that left did not end in order, until `whenLeft` returns it. */
  #disorder: string[] = []
  #failures = 0
  #wasReady = false
  #isStopping = false
  #cancelRestart: (() => void) | undefined
  readonly #firstReady = Promise.withResolvers<void>()
  hasKilled = false

  constructor(options: PositionOptions) {
    this.#options = options
    this.plan = options.plan
  }

  /** Resolves when a process is ready here for the first time. */
  get firstReady(): Promise<void> {
    return this.#firstReady.promise
  }

  get current(): PositionedProcess | undefined {
    return this.#current
  }

  start(): void {
    this.#begin()
  }

  /**
   * Starts a successor. Once that is ready, the current process leaves without cutting anything off. Rejects if the
   * successor ends first; the current process then keeps running.
   */
  async replace(): Promise<void> {
    this.#assertGoesOn()
    this.#cancelRestart?.()
    const successor = this.#spawn({ hasPredecessor: this.#current !== undefined })
    this.#successor = successor
    const early = await Promise.race([successor.ready, successor.ended])
    // During a stop the successor stays known, so that a more urgent stop reaches it.
    if (!this.#isStopping) this.#successor = undefined
    if (early !== undefined) {
      if (!this.#isStopping && this.#current === undefined) this.#restartLater(early, successor)
      throw new Error(successor.failure?.message ?? `The new ${this.plan.name} ended before it was ready.`)
    }
    // If a stop came meanwhile, the successor ends like all others.
    this.#assertGoesOn()
    this.#succeed(successor)
  }

  /** Resolves when all leaving processes have ended, with what was not in order. */
  async whenLeft(): Promise<readonly string[]> {
    await Promise.all([...this.#leaving].map(({ ended }) => ended))
    return this.#disorder.splice(0)
  }

  /** Ends all its processes. A further call with more haste ends them sooner. */
  async stop(haste: Haste): Promise<void> {
    this.#isStopping = true
    this.#cancelRestart?.()
    const processes = [...this.#leaving, this.#current, this.#successor].filter(each => each !== undefined)
    for (const each of processes) each.stop(haste)
    await Promise.all(processes.map(({ ended }) => ended))
    this.hasKilled ||= processes.some(({ wasKilled }) => wasKilled)
  }

  #begin(): void {
    if (this.#isStopping) return
    const child = this.#spawn({ hasPredecessor: false })
    this.#current = child
    this.#options.onChange()
    void child.ready.then(() => {
      this.#wasReady = true
      this.#firstReady.resolve()
      this.#options.onChange()
    })
  }

  #succeed(successor: PositionedProcess): void {
    this.#wasReady = true
    this.#failures = 0
    // Read only now: the process from before the wait may have ended.
    const old = this.#current
    this.#current = successor
    this.#firstReady.resolve()
    if (old !== undefined) this.#leaving.add(old)
    old?.stop('graceful', { hasSuccessor: true })
    this.#options.onChange()
  }

  #assertGoesOn(): void {
    if (this.#isStopping) throw new Error(`${this.plan.name} was told to stop meanwhile.`)
  }

  #spawn(start: { readonly hasPredecessor: boolean }): PositionedProcess {
    const child = this.#options.spawn(start)
    void child.ended.then(ended => this.#ended(child, ended))
    return child
  }

  #ended(child: PositionedProcess, ended: Ended): void {
    if (this.#leaving.delete(child)) this.#judge(child, ended)
    if (child !== this.#current) return
    this.#current = undefined
    this.#options.onChange()
    if (!this.#isStopping && this.#successor === undefined) this.#restartLater(ended, child)
  }

  #judge({ pid, wasKilled }: PositionedProcess, { code, signal }: Ended): void {
    if (code === 0) return
    const how = wasKilled ? 'had to be killed after its grace' : `ended with ${signal ?? `status ${code}`}`
    this.#disorder.push(`the old ${this.plan.name} (pid ${pid}) ${how}`)
  }

  #restartLater(ended: Ended, { failure, pid }: PositionedProcess): void {
    const { plan, clock, maxRestarts, random, notice, waitsForChange, onGiveUp } = this.#options
    const how =
      failure?.message ?? `ended with ${ended.signal ?? `status ${ended.code}`} after ${Math.round(ended.lifeMs)} ms`
    const who = `${plan.name} (pid ${pid})`
    if (waitsForChange) return notice(`${who}: ${how}; waiting for a change`)
    const isFinal = !this.#wasReady && failure !== undefined && failure.status !== exitCodes.failed
    const next = afterExit(
      { lifeMs: ended.lifeMs, failures: this.#failures, isFinal },
      { limit: maxRestarts, random: random() }
    )
    if (next.kind === 'give-up') {
      notice(isFinal ? `${who}: ${how}` : `${who}: ${how}; that was the last of ${maxRestarts} restarts in a row`)
      return onGiveUp(isFinal && failure !== undefined ? failure.status : exitCodes.crashLoop)
    }
    this.#failures = next.failures
    notice(`${who}: ${how}; restarting in ${next.delayMs} ms (${next.failures} of ${maxRestarts})`)
    this.#cancelRestart = clock.after(next.delayMs, () => this.#begin())
  }
}
