import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { EscapementConfig } from '../../src/index.ts'
import { monotonicMs } from '../postgres/monotonic.ts'
import type { SeatMessage } from './seat-child.ts'

export type End = 'SIGKILL' | 'SIGTERM'

/**
 * Processes that follow one another in one seat: the one that holds it is ended, another takes over, and a new one
 * comes to stand by.
 */
export class Relay {
  readonly #config: string
  readonly #running = new Set<ChildProcess>()
  #electedAt = Promise.withResolvers<{ child: ChildProcess; at: number }>()
  #holder: ChildProcess | undefined

  constructor(config: EscapementConfig) {
    this.#config = JSON.stringify(config)
  }

  /** One holds the seat, another stands by. */
  async start(): Promise<void> {
    await this.#join()
    this.#holder = (await this.#electedAt.promise).child
    await this.#join()
  }

  /** Milliseconds from the signal to the next election. */
  async handOver(signal: End): Promise<number> {
    const holder = this.#holder!
    this.#electedAt = Promise.withResolvers()
    const endedAt = monotonicMs()
    holder.kill(signal)
    const { child, at } = await this.#electedAt.promise
    this.#holder = child
    if (holder.exitCode === null && holder.signalCode === null) await once(holder, 'exit')
    await this.#join()
    return at - endedAt
  }

  end(): void {
    for (const child of this.#running) child.kill('SIGKILL')
  }

  async #join(): Promise<void> {
    const child = fork(new URL('seat-child.ts', import.meta.url), [this.#config], { stdio: ['ignore', 2, 2, 'ipc'] })
    this.#running.add(child)
    child.once('exit', () => this.#running.delete(child))
    await new Promise<void>((resolve, reject) => {
      child.once('exit', code => reject(new Error(`a process of the bench ended with ${code} before it stood by`)))
      child.on('message', (message: SeatMessage) => {
        if (message.what === 'ready') resolve()
        else this.#electedAt.resolve({ child, at: message.at })
      })
    })
  }
}
