import type { Clock } from '../../clock/clock.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type ProcessPlan, rollOrder } from './plan.ts'
import type { MasterRecord } from './run-file.ts'
import { type PositionedProcess, Position } from './position.ts'
import { type Haste, hasteAfter, stopWords } from '../stop-signals.ts'

export interface MasterOptions {
  readonly processes: readonly ProcessPlan[]
  readonly spawn: (plan: ProcessPlan, start: SpawnStart) => PositionedProcess
  /** Runs before each roll. Rejects if the config could not be started. */
  readonly check: () => Promise<void>
  readonly clock: Clock
  readonly random: () => number
  readonly maxRestarts: number
  readonly waitsForChange: boolean
  readonly notice: (text: string) => void
  /** Publishes what runs, for `escapement reload`. */
  readonly record: (state: Pick<MasterRecord, 'rolls' | 'rolled' | 'processes'>) => void
}

export interface SpawnStart {
  readonly onRecycle: () => void
  readonly hasPredecessor: boolean
}

const KEEP_ALIVE_MS = 3_600_000

/** Starts the processes of a topology, keeps them running, replaces and ends them. It runs no code of the app. */
export class Master {
  readonly #options: MasterOptions
  readonly #positions: readonly Position[]
  readonly #over = Promise.withResolvers<ExitCode>()
  #code: ExitCode = exitCodes.stopped
  #haste: Haste | undefined
  /** On the monotonic clock. */
  #signalledAt = Number.NEGATIVE_INFINITY
  #turns: Promise<void> = Promise.resolve()
  #rolls = 0
  #rolled: MasterRecord['rolled'] = null
  #isRollWaiting = false

  constructor(options: MasterOptions) {
    this.#options = options
    this.#positions = options.processes.map(plan => this.#position(plan))
  }

  /** Resolves when every process is ready, or when all have ended before that. */
  async start(): Promise<void> {
    const keepAlive = setInterval(() => undefined, KEEP_ALIVE_MS)
    void this.#over.promise.then(() => clearInterval(keepAlive))
    for (const position of this.#positions) position.start()
    await Promise.race([Promise.all(this.#positions.map(({ firstReady }) => firstReady)), this.#over.promise])
  }

  /** Resolves with the exit code when every process has ended. */
  get over(): Promise<ExitCode> {
    return this.#over.promise
  }

  get isStopping(): boolean {
    return this.#haste !== undefined
  }

  get processes(): MasterRecord['processes'] {
    return this.#positions.map(({ plan, current }) => ({
      name: plan.name,
      pid: current?.pid ?? null,
      roles: plan.roles,
      ready: current?.isReady ?? false,
      url: current?.url ?? null
    }))
  }

  /** Stops every process. Each further signal, unless it is an echo, makes the stop more urgent. */
  stopFor(signal: 'SIGTERM' | 'SIGINT'): void {
    const now = this.#options.clock.monotonic()
    const haste = hasteAfter(signal, this.#haste && { haste: this.#haste, sinceMs: now - this.#signalledAt })
    this.#signalledAt = now
    if (haste === this.#haste) return
    this.#options.notice(`${signal}: stopping ${stopWords[haste]}`)
    this.stop(haste)
  }

  /** Ends all processes. A further call with more haste ends them sooner. The exit code is that of the first call. */
  stop(haste: Haste, code: ExitCode = exitCodes.stopped): void {
    const isFirst = this.#haste === undefined
    this.#haste = haste
    if (isFirst) this.#code = code
    const stopped = Promise.all(this.#positions.map(position => position.stop(haste)))
    if (isFirst) void stopped.then(() => this.#end())
  }

  /** Replaces all processes one after the other. A roll requested while one is queued is merged into it. */
  roll(): void {
    if (this.isStopping) return this.#options.notice('not reloaded: it was told to stop')
    if (this.#isRollWaiting) return
    this.#isRollWaiting = true
    this.#inTurn(() => this.#roll())
  }

  async #roll(): Promise<void> {
    const { check, notice } = this.#options
    this.#isRollWaiting = false
    this.#rolls++
    this.#tellRolled(null)
    notice(`reload ${this.#rolls}: replacing ${this.#positions.length} processes`)
    try {
      await check()
      for (const plan of rollOrder(this.#options.processes)) await this.#positionOf(plan).replace()
      this.#rollEnded(await this.#disorderOfRoll())
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const rest = this.isStopping ? 'it was told to stop' : 'what was not replaced keeps running'
      notice(`reload ${this.#rolls}: given up; ${rest}: ${message}`)
      this.#tellRolled({ ok: false, message })
    }
  }

  /** After all were replaced: waits until the old processes have ended, and returns what was not in order. */
  async #disorderOfRoll(): Promise<readonly string[]> {
    const disorder = (await Promise.all(this.#positions.map(position => position.whenLeft()))).flat()
    const lost = this.isStopping ? [] : this.#positions.filter(({ current }) => !current?.isReady)
    return [...disorder, ...lost.map(({ plan }) => `the new ${plan.name} has ended since and is being restarted`)]
  }

  #rollEnded(disorder: readonly string[]): void {
    const message = disorder.length === 0 ? 'done' : `done, but ${disorder.join('; ')}`
    this.#options.notice(`reload ${this.#rolls}: ${message}`)
    this.#tellRolled(disorder.length === 0 ? { ok: true, message } : { ok: false, message, isReplaced: true })
  }

  #end(): void {
    const isKilled = this.#positions.some(({ hasKilled }) => hasKilled)
    this.#over.resolve(isKilled && this.#code === exitCodes.stopped ? exitCodes.killed : this.#code)
  }

  #position(plan: ProcessPlan): Position {
    const { spawn, clock, random, maxRestarts, waitsForChange, notice } = this.#options
    const position: Position = new Position({
      plan,
      clock,
      random,
      maxRestarts,
      waitsForChange,
      notice,
      spawn: start => spawn(plan, { ...start, onRecycle: () => this.#recycle(position) }),
      onChange: () => this.#tell(),
      onGiveUp: code => this.stop('graceful', code)
    })
    return position
  }

  #recycle(position: Position): void {
    const { notice } = this.#options
    this.#inTurn(async () => {
      if (this.isStopping) return
      notice(`${position.plan.name}: has reached its request limit and is replaced`)
      await position
        .replace()
        .catch((error: unknown) => notice(`${position.plan.name}: was not replaced: ${String(error)}`))
    })
  }

  /** Runs one turn after the other, so that two positions never change at the same time. */
  #inTurn(turn: () => Promise<void>): void {
    this.#turns = this.#turns.then(() => (this.isStopping ? undefined : turn()))
  }

  #positionOf(plan: ProcessPlan): Position {
    return this.#positions.find(position => position.plan === plan) as Position
  }

  #tellRolled(rolled: MasterRecord['rolled']): void {
    this.#rolled = rolled
    this.#tell()
  }

  #tell(): void {
    this.#options.record({ rolls: this.#rolls, rolled: this.#rolled, processes: this.processes })
  }
}
