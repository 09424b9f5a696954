import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pass } from 'node:timers/promises'
import type { Recorder } from '../recorder.ts'

export interface MemberOptions {
  readonly name: string
  /** The host that it says it is on. */
  readonly host: string
  /** Of Node. */
  readonly args: readonly string[]
  /** Where it runs, and where what it says is kept. */
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly recorder: Recorder
  /** The line that it writes when it is up. */
  readonly readyWhen: RegExp
  /** Whether its work is done when it ends well. */
  readonly endsByItself?: boolean
  readonly onLine?: (line: string) => void
}

const RESTART_AFTER_MS = 300
const KEPT_OUTPUT = 4_000

/** One process of a run, started again whenever it ends, until it is let go. */
export class Member {
  readonly #options: MemberOptions
  #child: ChildProcess | undefined
  #ended: Promise<void> = Promise.resolve()
  #ready = Promise.withResolvers<void>()
  readonly #done = Promise.withResolvers<void>()
  #isReady = false
  #isWanted = false
  #output = ''

  constructor(options: MemberOptions) {
    this.#options = options
  }

  get name(): string {
    return this.#options.name
  }

  get host(): string {
    return this.#options.host
  }

  /** Undefined between an end and the next start. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** What it has said last, for when something went wrong. */
  get output(): string {
    return this.#output
  }

  /** Resolves when it is up. */
  start(): Promise<void> {
    this.#isWanted = true
    this.#spawn()
    return this.#ready.promise
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#isWanted = false
    this.#child?.kill('SIGTERM')
    await this.#ended
  }

  /** At once, and for good: for when a run is given up. */
  async abandon(): Promise<void> {
    this.#isWanted = false
    this.#child?.kill('SIGKILL')
    await this.#ended
  }

  /** Resolves when its work is done. */
  done(): Promise<void> {
    return this.#done.promise
  }

  #spawn(): void {
    const { args, folder, env, host } = this.#options
    const [file, ...rest] = onHost(host, [process.execPath, '--disable-warning=ExperimentalWarning', ...args])
    const child = spawn(file as string, rest, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    for (const stream of [child.stdout, child.stderr])
      if (stream !== null) createInterface(stream).on('line', line => this.#hear(line))
    this.#ended = once(child, 'exit').then(([code, signal]) => this.#sawEnd(child.pid as number, code, signal))
  }

  #hear(line: string): void {
    appendFileSync(join(this.#options.folder, `${this.#options.name}.log`), `${line}\n`)
    this.#output = `${this.#output}${line}\n`.slice(-KEPT_OUTPUT)
    this.#options.onLine?.(line)
    if (!this.#options.readyWhen.test(line)) return
    this.#isReady = true
    this.#ready.resolve()
  }

  #sawEnd(pid: number, code: number | null, signal: string | null): void {
    this.#options.recorder.write({ what: 'process.ended', pid, code, signal })
    this.#child = undefined
    if (code === 0 && this.#options.endsByItself === true) return this.#done.resolve()
    // Who waits for a start that this end cut short waits for the next one.
    if (this.#isReady) this.#ready = Promise.withResolvers()
    this.#isReady = false
    void this.#again()
  }

  async #again(): Promise<void> {
    await pass(RESTART_AFTER_MS)
    if (this.#isWanted && this.#child === undefined) this.#spawn()
  }
}

/** On Linux it ends with the rig, however the rig ended. Where allowed, it has a host name of its own. */
function onHost(host: string, command: readonly string[]): readonly string[] {
  if (process.platform !== 'linux') return command
  const dying = ['setpriv', '--pdeathsig=KILL', ...command]
  if (process.getuid?.() !== 0) return dying
  return ['unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', host, ...dying]
}
