import type { Clock } from '../../clock/clock.ts'
import {
  addRun,
  addTally,
  bucketOf,
  type CountingTally,
  emptyTally,
  type JobOutcome,
  jobOutcomes,
  MINUTE_MS,
  minuteOf,
  type CountedEnd,
  outcomesOfReport,
  outcomesOfRescue,
  type TaskTally
} from '../../core/counts/tally.ts'
import type { SettleAnswer } from '../../core/job/settle.ts'
import { type ReportedKind, SUM_OUTCOME } from '../../core/counts/total.ts'
import type { LedgerRow } from '../../core/schedule/ledger.ts'
import type { NodeReport, ReportedTotal } from '../../store/nodes.ts'
import type { Attempt } from '../attempts/attempt.ts'
import type { Emitter } from '../events/emitter.ts'
import type { VitalSigns } from './vital-signs.ts'

export interface GathererOptions {
  readonly clock: Clock
  readonly events: Emitter
  readonly vitalSigns: VitalSigns
}

interface HowEnded {
  readonly answer: SettleAnswer | 'refused'
  /** When the handler ended. */
  readonly at: number
}

const STALE: readonly JobOutcome[] = ['stale']
/** What was reported instead, so that the job ends. */
const REFUSED = { kind: 'failed', retryAt: undefined } as const

/** Sums of minutes so long ago are forgotten: a clock that is set back by less counts on in the same minute. */
const KEPT_MS = 10 * MINUTE_MS

/**
 * Gathers how attempts end in this process, until the next renewal writes it. So a process that is killed takes what it
 * gathered since its last renewal with it, at most some seconds.
 *
 * What is written are sums since the identity joined: a renewal whose response was lost is repeated without counting
 * twice. An identity that is lost takes with it what it had sent, which the books most likely have.
 */
export class Gatherer {
  readonly #clock: Clock
  readonly #events: Emitter
  readonly #vitalSigns: VitalSigns
  #stopListening: (() => void) | undefined
  /** What was not sent yet, by task, of one minute each; the last one is counted on. */
  #fresh: { readonly at: number; readonly tasks: Map<string, CountingTally> }[] = []
  /** What was sent under this identity, by minute and task. */
  readonly #tallies = new Map<string, TaskTally>()
  readonly #totals = new Map<string, ReportedTotal>()
  /** How late fire times fired, since the last report: by bucket, and the sum. */
  readonly #lateness = new Map<string, number>()
  /** Of both, what the store has not confirmed. */
  readonly #open = new Set<TaskTally | ReportedTotal>()

  constructor({ clock, events, vitalSigns }: GathererOptions) {
    this.#clock = clock
    this.#events = events
    this.#vitalSigns = vitalSigns
  }

  /** A new identity counts from zero. */
  start(): void {
    this.#tallies.clear()
    this.#totals.clear()
    this.#open.clear()
    this.#lateness.clear()
    this.#stopListening ??= this.#events.on('job.rescued', ({ task, state }) =>
      this.#count(task, outcomesOfRescue(state), this.#clock.now())
    )
  }

  stop(): void {
    this.#stopListening?.()
    this.#stopListening = undefined
  }

  /** An attempt of which the store knows the end. `outcome` is what was reported, or else written in a transaction. */
  ended({ claimed, aborted, beganAt }: Attempt, outcome: CountedEnd, { answer, at }: HowEnded): void {
    const { task, delivery, runAt } = claimed
    if (answer === 'stale') return void this.#count(task, STALE, at)
    const how = { wasCancelled: aborted === 'cancelled', isAtMostOnce: delivery === 'at-most-once' }
    const written = answer === 'refused' ? REFUSED : outcome
    const tally = this.#count(task, outcomesOfReport(written, how), at)
    if (written.kind === 'completed' || written.kind === 'failed')
      addRun(tally, Math.max(0, beganAt - runAt), Math.max(0, at - beganAt))
  }

  /** Decisions that were written. How late one is, is known for what fires only. */
  decided(rows: readonly LedgerRow[]): void {
    for (const { outcome, fireAt, decidedAt } of rows) {
      if (outcome !== 'fired') continue
      const lateMs = Math.max(0, decidedAt - fireAt)
      addTo(this.#lateness, String(bucketOf(lateMs)), 1)
      addTo(this.#lateness, SUM_OUTCOME, lateMs)
    }
  }

  /** What the next renewal writes. Undefined: nothing has changed since. */
  report(): NodeReport | undefined {
    for (const { tasks } of this.#fresh.splice(0)) for (const tally of tasks.values()) this.#send(tally)
    for (const [outcome, n] of this.#lateness) this.#add('lateness', '', outcome, n)
    this.#lateness.clear()
    const vitals = this.#vitalSigns.look()
    if (this.#open.size === 0 && vitals === undefined) return undefined
    const open = [...this.#open]
    return {
      vitals,
      totals: open.filter(each => 'outcome' in each),
      tallies: open.filter(each => 'at' in each)
    }
  }

  /** The store has it. */
  confirm({ totals, tallies }: NodeReport): void {
    for (const each of [...totals, ...tallies]) this.#open.delete(each)
    const forgotten = this.#clock.now() - KEPT_MS
    for (const [key, tally] of this.#tallies)
      if (tally.at < forgotten && !this.#open.has(tally)) this.#tallies.delete(key)
  }

  #count(task: string, outcomes: readonly JobOutcome[], now: number): CountingTally {
    const at = minuteOf(now)
    let minute = this.#fresh.at(-1)
    if (minute?.at !== at) this.#fresh.push((minute = { at, tasks: new Map() }))
    let tally = minute.tasks.get(task)
    if (tally === undefined) minute.tasks.set(task, (tally = emptyTally(at, task)))
    for (const outcome of outcomes) tally[outcome] += 1
    return tally
  }

  #send(fresh: CountingTally): void {
    const { at, task } = fresh
    const key = `${at} ${task}`
    const before = this.#tallies.get(key)
    if (before !== undefined) addTally(fresh, before)
    this.#replace(this.#tallies, key, fresh)
    for (const outcome of jobOutcomes) this.#add('job', task, outcome, fresh[outcome] - (before?.[outcome] ?? 0))
    this.#add('wait', task, SUM_OUTCOME, fresh.waitMs - (before?.waitMs ?? 0))
    this.#add('run', task, SUM_OUTCOME, fresh.runMs - (before?.runMs ?? 0))
    for (const bucket of fresh.waits.keys()) {
      this.#add('wait', task, String(bucket), fresh.waits[bucket]! - (before?.waits[bucket] ?? 0))
      this.#add('run', task, String(bucket), fresh.runs[bucket]! - (before?.runs[bucket] ?? 0))
    }
  }

  #add(kind: ReportedKind, name: string, outcome: string, n: number): void {
    if (n <= 0) return
    const key = `${kind} ${outcome} ${name}`
    this.#replace(this.#totals, key, { kind, name, outcome, n: n + (this.#totals.get(key)?.n ?? 0) })
  }

  #replace<Sum extends TaskTally | ReportedTotal>(sums: Map<string, Sum>, key: string, sum: Sum): void {
    const before = sums.get(key)
    if (before !== undefined) this.#open.delete(before)
    sums.set(key, sum)
    this.#open.add(sum)
  }
}

const addTo = (sums: Map<string, number>, key: string, n: number): void => void sums.set(key, n + (sums.get(key) ?? 0))
