import type { Clock } from '../../clock/clock.ts'
import { isEscapementError } from '../../core/errors.ts'
import type { Report, SettleAnswer } from '../../core/job/settle.ts'
import type { Store } from '../../store/store.ts'
import { batchLength, reportBatch } from '../../operations/batch-limits.ts'
import type { Emitter } from '../events/emitter.ts'
import type { Loop } from '../loop.ts'
import { isOfOneItem } from '../../operations/of-one-item.ts'
import { refusedReport } from './refused-report.ts'

const MAX_BATCH = reportBatch(1_000)
/** A report on a job that others hold is sent again after so long, and so on. */
const HELD_PAUSE_MS = 250
/** A report that failed so often by itself is refused, unless nothing else can be written either. */
const MAX_FAILURES = 3
/** After a call that took so long the loop tells of the fault, and goes on later, with less at once. */
const LONG_CALL_MS = 1_000
/** More than it takes to find one report among a thousand: after so many failures without a success it is the store that fails. */
const MAX_FAILED_CALLS = 24

/** `refused`: the store would never take this report, and the attempt was ended as a failure that says so. */
export type Answered = (answer: SettleAnswer | 'refused') => void

interface Waiting {
  readonly report: Report
  readonly answered: Answered
}

/**
 * Collects reports and sends them in batches. What could not be written is sent again: the store answers a repeated
 * report as it answered the first (rule 10). A batch that failed is halved, until the one report that it failed for is
 * alone: then that one waits, or is refused, and the others are written.
 */
export class Settler {
  readonly #store: Store
  readonly #clock: Clock
  readonly #events: Emitter
  #waiting: Waiting[] = []
  /** Those on jobs that others hold. */
  #held: Waiting[] = []
  #heldUntil = 0
  /** Of those that wait: how many failed by themselves. Whoever comes after them does not wait with them. */
  #failed = 0
  /** How many go into one batch; fewer after one that failed. */
  #most = MAX_BATCH.count
  readonly #failures = new WeakMap<Report, number>()
  #loop: Loop | undefined
  #flushing: Promise<void> | undefined
  #idle: (() => void)[] = []
  #hasRetries = false

  constructor(store: Store, { clock, events }: { readonly clock: Clock; readonly events: Emitter }) {
    this.#store = store
    this.#clock = clock
    this.#events = events
  }

  /** With a loop, reports leave by themselves; without, by `flush()`. */
  drivenBy(loop: Loop): void {
    this.#loop = loop
  }

  add(report: Report, answered: Answered): void {
    if (report.outcome.kind === 'failed' && report.outcome.retryAt !== undefined) this.#hasRetries = true
    this.#waiting.push({ report, answered })
    if (this.#waiting.length === 1 + this.#failed) this.#loop?.wake()
  }

  get pending(): number {
    return this.#waiting.length + this.#held.length
  }

  /** After how many milliseconds reports on jobs that others hold are to be sent again; undefined: there are none. */
  get restMs(): number | undefined {
    return this.#held.length === 0 ? undefined : Math.max(0, this.#heldUntil - this.#clock.monotonic())
  }

  /** Sends all reports that wait. Those that could not be written wait again. */
  flush(): Promise<void> {
    this.#flushing ??= this.#send().finally(() => {
      this.#flushing = undefined
      if (this.pending === 0) for (const resolve of this.#idle.splice(0)) resolve()
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
    if (this.pending === 0 && this.#flushing === undefined) return Promise.resolve()
    return new Promise(resolve => this.#idle.push(resolve))
  }

  async #send(): Promise<void> {
    if (this.restMs === 0) this.#waiting.push(...this.#held.splice(0))
    this.#failed = 0
    const failed: Waiting[] = []
    let fault: unknown
    let failedCalls = 0
    let isAnyWritten = false
    try {
      while (this.#waiting.length > 0) {
        const reports = this.#nextBatch()
        const sentAt = this.#clock.monotonic()
        try {
          await this.#settle(reports)
          failedCalls = 0
          isAnyWritten = true
        } catch (error) {
          fault = error
          failedCalls += 1
          this.#most = Math.max(1, reports.length >> 1)
          const isLong = this.#clock.monotonic() - sentAt > LONG_CALL_MS
          if (!isOfOneItem(error) || isLong || failedCalls > MAX_FAILED_CALLS) throw error
          if (reports.length === 1 && !(await this.#refuse(reports[0]!, error))) failed.push(this.#waiting.shift()!)
        }
      }
    } finally {
      if (isAnyWritten) this.#hold(failed)
      else {
        if (this.#waiting.length === 0) this.#failed = failed.length
        this.#waiting.push(...failed)
      }
    }
    if (failed.length > 0 && !isAnyWritten) throw fault
  }

  #nextBatch(): Report[] {
    const reports: Report[] = []
    const most = Math.min(this.#most, this.#waiting.length)
    for (let index = 0; index < most; index++) reports.push(this.#waiting[index]!.report)
    reports.length = batchLength(reports, MAX_BATCH)
    return reports
  }

  /** Those that wait first are the batch. */
  async #settle(reports: readonly Report[]): Promise<void> {
    const answers = await (this.#store.sparing ?? this.#store).settle(reports)
    this.#most = Math.min(MAX_BATCH.count, 2 * this.#most)
    const batch = this.#waiting.splice(0, reports.length)
    batch.forEach((waiting, index) => {
      const answer = answers[index] ?? 'unknown'
      if (answer === 'held') this.#hold([waiting])
      else waiting.answered(answer)
    })
  }

  #hold(waiting: readonly Waiting[]): void {
    if (waiting.length === 0) return
    if (this.#held.length === 0) this.#heldUntil = this.#clock.monotonic() + HELD_PAUSE_MS
    this.#held.push(...waiting)
  }

  /**
   * Ends the attempt of the report that waits first, once that has failed often enough, by a failure which names why.
   * Where that can't be written either the fault is not in the report.
   */
  async #refuse(report: Report, error: unknown): Promise<boolean> {
    if (isEscapementError(error) || report.outcome.kind === 'given-back') return false
    const failures = (this.#failures.get(report) ?? 0) + 1
    this.#failures.set(report, failures)
    if (failures < MAX_FAILURES) return false
    const cause = error instanceof Error ? error : new Error(String(error))
    try {
      await this.#store.settle([refusedReport(report, cause, this.#clock.now())])
    } catch {
      return false
    }
    const { answered } = this.#waiting.shift()!
    this.#events.emit('job.report-refused', { jobId: report.id, outcome: report.outcome.kind, error: cause })
    answered('refused')
    return true
  }
}
