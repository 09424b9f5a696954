import type { Clock } from '../../clock/clock.ts'
import { isEscapementError } from '../../core/errors.ts'
import type { Report, SettleAnswer } from '../../core/job/settle.ts'
import type { Store } from '../../store/store.ts'
import { batchLength, reportBatch } from '../../operations/enqueue/batch-limits.ts'
import type { Emitter } from '../events/emitter.ts'
import type { Loop } from '../loop.ts'
import { isOfOneItem } from '../../operations/enqueue/of-one-item.ts'
import { refusedReport } from './refused-report.ts'

const MAX_BATCH = reportBatch(1_000)
/** The pause before a report on a job that others hold is sent again. */
const HELD_PAUSE_MS = 250
/** A report that failed this often on its own is refused, unless nothing else can be written either. */
const MAX_FAILURES = 3
/** After a call longer than this the loop reports the fault, and continues later with less at once. */
const LONG_CALL_MS = 1_000
/**
 * More than it takes to find one report among a thousand: after this many failures without a success the store is at
 * fault.
 */
const MAX_FAILED_CALLS = 24

/** `refused`: the store would never take this report, and the attempt ended with a failure that says so. */
export type Answered = (answer: SettleAnswer | 'refused') => void

interface Waiting {
  readonly report: Report
  readonly answered: Answered
}

/**
 * Collects reports and sends them in batches. A report that could not be written is sent again: the store gives a
 * repeated report the same result (rule 10). A failed batch is halved until the report that made it fail is alone. Then
 * that one waits or is refused, and the others are written.
 */
export class Settler {
  readonly #store: Store
  readonly #clock: Clock
  readonly #events: Emitter
  #waiting: Waiting[] = []
  /** Reports on jobs that others hold. */
  #held: Waiting[] = []
  #heldUntil = 0
  /** How many waiting reports failed on their own. Later reports do not wait with them. */
  #failed = 0
  /** The size of a batch; smaller after a failure. */
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

  /** With a loop, reports are sent by themselves; without one, by `flush()`. */
  drivenBy(loop: Loop): void {
    this.#loop = loop
  }

  add(report: Report, answered: Answered): void {
    const { outcome } = report
    if (outcome.kind === 'snoozed' || (outcome.kind === 'failed' && outcome.retryAt !== undefined))
      this.#hasRetries = true
    this.#waiting.push({ report, answered })
    if (this.#waiting.length === 1 + this.#failed) this.#loop?.wake()
  }

  get pending(): number {
    return this.#waiting.length + this.#held.length
  }

  /** Milliseconds until reports on jobs that others hold are sent again. Undefined: there are none. */
  get restMs(): number | undefined {
    return this.#held.length === 0 ? undefined : Math.max(0, this.#heldUntil - this.#clock.monotonic())
  }

  /** Sends all waiting reports. Those that could not be written wait again. */
  flush(): Promise<void> {
    this.#flushing ??= this.#send().finally(() => {
      this.#flushing = undefined
      if (this.pending === 0) for (const resolve of this.#idle.splice(0)) resolve()
    })
    return this.#flushing
  }

  /** Whether reports since the last call make jobs due again. */
  takeRetries(): boolean {
    const hadRetries = this.#hasRetries
    this.#hasRetries = false
    return hadRetries
  }

  /** Resolves when no report is waiting. */
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

  /** The batch is the first of the waiting reports. */
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
   * Once the first waiting report has failed often enough, ends its attempt with a failure that names the cause. If
   * even that can't be written, the fault is not in the report.
   */
  async #refuse(report: Report, error: unknown): Promise<boolean> {
    if (isEscapementError(error) || (report.outcome.kind !== 'completed' && report.outcome.kind !== 'failed'))
      return false
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
