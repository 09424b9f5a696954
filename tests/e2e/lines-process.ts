import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { bareEnvironment } from '../cli/run-cli.ts'

interface Waiter {
  readonly pattern: RegExp
  readonly resolve: (line: string) => void
  readonly reject: (error: Error) => void
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly cwd?: string | undefined
}

/** A command as a real process, heard line by line. It is killed at the end of its test. */
export class CommandProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  readonly #lines: string[] = []
  readonly #unread: string[] = []
  #waiters: Waiter[] = []

  constructor(command: string, args: readonly string[], { env = {}, cwd }: CommandOptions = {}) {
    this.#child = spawn(command, args, { env: { ...bareEnvironment, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#ended = once(this.#child, 'exit').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null
    }))
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) createInterface(stream).on('line', line => this.#hear(line))
    void this.#ended.then(({ code, signal }) =>
      this.#rejectAll(new Error(`The process ended with ${code ?? signal}:\n${this.output()}`))
    )
    onTestFinished(() => void this.#child.kill('SIGKILL'))
  }

  /** The first line that matches, of those that no one has waited for yet. */
  line(pattern: RegExp): Promise<string> {
    const heard = this.#unread.findIndex(line => pattern.test(line))
    if (heard >= 0) return Promise.resolve(this.#unread.splice(heard, 1)[0] as string)
    return new Promise((resolve, reject) => this.#waiters.push({ pattern, resolve, reject }))
  }

  /** All that it has written, for when something went wrong. */
  output(): string {
    return this.#lines.join('\n')
  }

  get pid(): number {
    return this.#child.pid as number
  }

  /** Sends a signal, and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Closes this end of its standard output and error: whatever it writes fails. */
  stopReading(): void {
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Sends a signal, if one is given, and waits for the end. */
  ended(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    if (signal !== undefined) this.#child.kill(signal)
    return this.#ended
  }

  #hear(line: string): void {
    this.#lines.push(line)
    const waiter = this.#waiters.find(({ pattern }) => pattern.test(line))
    if (waiter === undefined) return void this.#unread.push(line)
    this.#waiters = this.#waiters.filter(other => other !== waiter)
    waiter.resolve(line)
  }

  #rejectAll(error: Error): void {
    for (const { reject } of this.#waiters.splice(0)) reject(error)
  }
}

/** A script, named as from this folder. */
export class LinesProcess extends CommandProcess {
  constructor(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string) {
    const flags = ['--disable-warning=ExperimentalWarning']
    super(process.execPath, [...flags, join(import.meta.dirname, script), ...args], { env, cwd })
  }
}
