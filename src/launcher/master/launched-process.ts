import cluster, { type Worker } from 'node:cluster'
import type { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../clock/clock.ts'
import { LinePrefixer } from './log-lines.ts'
import type { Assignment, StartFailure, ToMaster, ToProcess } from '../protocol.ts'
import { bothOrders } from '../stop-order.ts'
import { type Graces, type Haste, killAfterMs } from '../stop-signals.ts'

export interface LaunchOptions {
  /** The file that a process runs. */
  readonly file: string
  readonly name: string
  readonly assignment: Assignment
  readonly graces: Graces
  /** The time limit for becoming ready. */
  readonly readyWithinMs: number
  readonly env: Readonly<Record<string, string>>
  readonly prefix: string
  readonly clock: Clock
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly onMessage?: (message: ToMaster) => void
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly lifeMs: number
}

/**
 * One process of a master. Starts it, assigns its work, receives its messages and stops it. All processes may share a
 * port.
 */
export class LaunchedProcess {
  /** Resolves when it has taken its position. Never rejects: `ended` reports an early end. */
  readonly ready: Promise<void>
  readonly ended: Promise<Ended>
  readonly #options: LaunchOptions
  readonly #worker: Worker
  readonly #ready = Promise.withResolvers<void>()
  #stop: (ToProcess & { type: 'stop' }) | undefined
  #disarm: () => void
  #isKilled = false
  #hasEnded = false
  isReady = false
  /** Where it listens. */
  url: string | undefined
  /** Why it failed, if known. */
  failure: StartFailure | undefined

  constructor(options: LaunchOptions) {
    const { file, name, env, clock } = options
    this.#options = options
    const startedAt = clock.monotonic()
    cluster.setupPrimary({ exec: file, args: [name], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    this.#worker = cluster.fork(env)
    this.ready = this.#ready.promise
    this.ended = new Promise(resolve => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#hasEnded = true
        this.#disarm()
        resolve({ code, signal, lifeMs: clock.monotonic() - startedAt })
      }
      this.#worker.process.once('exit', end)
      // Sending to a process that is gone emits an error too. Only one that never started has no pid, and no exit.
      this.#worker.on('error', error => {
        if (this.pid !== undefined) return
        this.failure ??= { status: 1, code: 'failed', message: `It could not be started: ${error.message}` }
        end(null, null)
      })
    })
    this.#worker.on('message', (message: ToMaster) => this.#hear(message))
    this.#pipe(this.#worker.process.stdout, options.out)
    this.#pipe(this.#worker.process.stderr, options.err)
    this.#disarm = this.#readyInTime()
  }

  get pid(): number | undefined {
    return this.#worker.process.pid
  }

  get wasKilled(): boolean {
    return this.#isKilled
  }

  /**
   * Asks it to end, and kills it if it still runs after its grace. Another call counts only if it is more urgent, or if
   * the successor is lost.
   */
  stop(haste: Haste, { hasSuccessor = false } = {}): void {
    if (this.#hasEnded) return
    if (haste === 'kill') return this.#kill()
    const before = this.#stop
    const order = bothOrders(before, { haste, hasSuccessor })
    if (isDeepStrictEqual(before, { type: 'stop', ...order })) return
    this.#stop = { type: 'stop', ...order }
    this.#tell(this.#stop)
    if (before?.haste === order.haste) return
    this.#disarm()
    this.#disarm = this.#options.clock.after(killAfterMs(order.haste, this.#options.graces), () => this.#kill())
  }

  #hear(message: ToMaster): void {
    const { assignment, onMessage } = this.#options
    // A message sent before the process listens is lost, so the process speaks first.
    if (message.type === 'hello') this.#tell(this.#stop ?? { type: 'assign', assignment })
    if (message.type === 'failed') this.failure = message.failure
    if (message.type === 'waits' && this.#stop === undefined) {
      this.#disarm()
      if (message.reason === null) this.#disarm = this.#readyInTime()
    }
    if (message.type === 'ready' && this.#stop === undefined) {
      this.#disarm()
      this.isReady = true
      this.url = message.url
      this.#ready.resolve()
    }
    onMessage?.(message)
  }

  #tell(message: ToProcess): void {
    if (this.#worker.isConnected()) this.#worker.send(message, () => undefined)
  }

  #readyInTime(): () => void {
    const { clock, readyWithinMs } = this.#options
    return clock.after(readyWithinMs, () => this.#lateForReady())
  }

  /** It may have begun to work, so it is asked to end before it is killed. */
  #lateForReady(): void {
    const { readyWithinMs, name } = this.#options
    const message = `${name} did not become ready within ${readyWithinMs} ms: it neither ended nor listened.`
    this.failure ??= { status: 1, code: 'not-ready', message }
    this.stop('hasty')
  }

  #kill(): void {
    this.#isKilled = true
    this.#worker.process.kill('SIGKILL')
  }

  #pipe(stream: Readable | null, write: (text: string) => void): void {
    const prefixer = new LinePrefixer(this.#options.prefix)
    const pass = (text: string): void => {
      if (text !== '') write(text)
    }
    stream?.on('data', (bytes: Buffer) => pass(prefixer.add(bytes)))
    stream?.on('end', () => pass(prefixer.end()))
    stream?.on('error', () => undefined)
  }
}
