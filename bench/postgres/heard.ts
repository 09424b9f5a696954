import { monotonicMs } from './monotonic.ts'

/** What a worker process has seen of its jobs. */
export class Heard {
  entered = 0
  firstAt: number | undefined
  readonly #latencies: number[] = []
  #wanted: ((latencyMs: number) => void) | undefined

  readonly handle = (payload: unknown): void => {
    const now = monotonicMs()
    this.firstAt ??= now
    this.entered += 1
    const { sentAt } = payload as { readonly sentAt?: number }
    if (sentAt !== undefined) this.#tell(now - sentAt)
  }

  /** From its sending to its handler, of each job that says when it was sent, in the order of their coming. */
  nextLatency(): Promise<number> {
    const first = this.#latencies.shift()
    if (first !== undefined) return Promise.resolve(first)
    return new Promise(resolve => {
      this.#wanted = resolve
    })
  }

  /** Those that came since, and that nobody asked for. */
  takeLatencies(): number[] {
    return this.#latencies.splice(0)
  }

  #tell(latencyMs: number): void {
    if (this.#wanted === undefined) this.#latencies.push(latencyMs)
    else this.#wanted(latencyMs)
    this.#wanted = undefined
  }
}
