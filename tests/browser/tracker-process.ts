import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

/** The ship tracker as a process of its own, on a free port. It is killed at the end of its test if it is still there. */
export class TrackerProcess {
  readonly #child: ChildProcess
  readonly #exit: Promise<number | null>
  readonly #lines: string[] = []
  readonly #url = Promise.withResolvers<string>()

  constructor(env: Readonly<Record<string, string>>, script = 'examples/ship-tracker/main.ts') {
    const { PATH = '', HOME = '' } = process.env
    this.#child = spawn(process.execPath, [join(root, script)], {
      env: { PATH, HOME, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    this.#exit = once(this.#child, 'exit').then(([code]) => {
      this.#url.reject(new Error(`The tracker ended with ${String(code)} before it served:\n${this.output()}`))
      return code as number | null
    })
    // Who does not ask for the address needs not hear that there is none.
    this.#url.promise.catch(() => undefined)
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) createInterface(stream).on('line', line => this.#hear(line))
    onTestFinished(() => void this.#child.kill('SIGKILL'))
  }

  #hear(line: string): void {
    this.#lines.push(line)
    const url = /^ship tracker at (http:\S+)$/.exec(line)?.[1]
    if (url !== undefined) this.#url.resolve(url)
  }

  /** Where it serves, as soon as it does. */
  get url(): Promise<string> {
    return this.#url.promise
  }

  /** All that it has written, for when something went wrong. */
  output(): string {
    return this.#lines.join('\n')
  }

  get exitCode(): Promise<number | null> {
    return this.#exit
  }

  /** Sends the signal and waits until the process has gone. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal)
    return this.#exit
  }

  async get(path: string): Promise<Response> {
    return fetch((await this.url) + path)
  }
}
