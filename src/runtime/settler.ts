import type { Report, SettleAnswer } from '../core/settle.ts'
import { batchLength, reportBatch } from './batch-limits.ts'
import type { Loop } from './loop.ts'
import type { Store } from '../store/store.ts'

const LARGEST_BATCH = reportBatch(1_000)

export type Answered = (answer: SettleAnswer) => void

/**
 * Collects reports and sends them in batches. A batch that could not be written is sent again, whole: the store
 * answers a repeated report as it answered the first (rule 10).
 */
export class Settler {
  readonly #store: Store
  #reports: Report[] = []
  #answered: Answered[] = []
  #loop: Loop | undefined
  #flushing: Promise<void> | undefined
  #idle: (() => void)[] = []
  #hasRetries = false

  constructor(store: Store) {
    this.#store = store
  }

  /** With a loop, reports leave by themselves; without, by `flush()`. */
  drivenBy(loop: Loop): void {
    this.#loop = loop
  }

  add(report: Report, answered: Answered): void {
    if (report.outcome.kind === 'failed' && report.outcome.retryAt !== undefined) this.#hasRetries = true
    this.#reports.push(report)
    this.#answered.push(answered)
    if (this.#reports.length === 1) this.#loop?.wake()
  }

  get pending(): number {
    return this.#reports.length
  }

  /** Sends all reports that wait. Those of a batch that failed wait again, before all others. */
  flush(): Promise<void> {
    this.#flushing ??= this.#send().finally(() => {
      this.#flushing = undefined
      if (this.#reports.length === 0) for (const resolve of this.#idle.splice(0)) resolve()
    })
    return this.#flushing
  }

  /** Whether jobs were written since the last call that will be due again. */
  takeRetries(): boolean {
    const hadRetries = this.#hasRetries
    this.#hasRetries = false
    return hadRetries
  }

  /** Resolves when no report waits any more. */
  idle(): Promise<void> {
    if (this.#reports.length === 0 && this.#flushing === undefined) return Promise.resolve()
    return new Promise(resolve => this.#idle.push(resolve))
  }

  async #send(): Promise<void> {
    while (this.#reports.length > 0) {
      const batch = this.#reports.slice(0, batchLength(this.#reports, LARGEST_BATCH))
      const answers = await this.#store.settle(batch)
      this.#reports = this.#reports.slice(batch.length)
      const answered = this.#answered.splice(0, batch.length)
      answered.forEach((tell, index) => tell(answers[index] ?? 'unknown'))
    }
  }
}
