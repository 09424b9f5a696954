import type { LedgerOutcome } from '../schedule/ledger.ts'
import { formatInstant } from '../trigger/instant.ts'

/**
 * The fire times of one schedule, as the books have them. If all is well, `expected` is the sum of the outcomes and
 * `pending`, and `double` and `missing` are 0.
 */
export interface ScheduleVerification extends Readonly<Record<LedgerOutcome, number>> {
  readonly id: string
  /** Fire times that the trigger gives while the schedule was active or paused within the range. */
  readonly expected: number
  /** Due for less than 5 s, and not decided yet. */
  readonly pending: number
  /** Fire times that are recorded twice, and records that match no fire time. */
  readonly double: number
  /** Fire times that were due and are not in the books, and broken links of the chain. */
  readonly missing: number
  /** A future instant up to which everything is decided: nothing fires before it. Undefined if all is well. */
  readonly decidedAheadUntil?: number | undefined
  /** What is wrong, and what could not be verified; the first 20. */
  readonly notes: readonly string[]
}

/** Whether every fire time is in the books exactly once. */
export const isSound = (verification: ScheduleVerification): boolean =>
  verification.double === 0 && verification.missing === 0

/** Whether future fire times count as decided, so that they would be skipped. */
export const isDecidedAhead = ({ decidedAheadUntil }: ScheduleVerification): boolean => decidedAheadUntil !== undefined

const MAX_NOTES = 20

/** Collects the counts of a verification. */
export class VerificationCounts {
  readonly #outcomes = { fired: 0, coalesced: 0, misfired: 0, overlapped: 0, paused: 0, orphaned: 0, excluded: 0 }
  readonly #notes: string[] = []
  #leftOut = 0
  #pending = 0
  #double = 0
  #missing = 0
  #expected = 0
  #decidedAheadUntil: number | undefined

  /** Expected fire times with an outcome, recorded or certain. */
  add(outcome: LedgerOutcome, count: number): void {
    this.#outcomes[outcome] += count
  }

  addPending(count: number): void {
    this.#pending += count
  }

  addDouble(count: number, note: string): void {
    this.#double += count
    this.note(note)
  }

  addMissing(count: number, note: string): void {
    if (count === 0) return
    this.#missing += count
    this.note(note)
  }

  addExpected(count: number): void {
    this.#expected += count
  }

  foundAhead(decidedUntil: number, now: number): void {
    this.#decidedAheadUntil = decidedUntil
    this.note(
      `It was decided until ${formatInstant(decidedUntil)}, by a clock that ran ahead, and it is ${formatInstant(now)}: no fire time before then fires. A scheduler that runs takes that back, or "escapement schedules reset".`
    )
  }

  note(note: string): void {
    if (this.#notes.includes(note)) return
    if (this.#notes.length < MAX_NOTES) this.#notes.push(note)
    else this.#leftOut += 1
  }

  /** Fire times that are accounted for so far, in any way. */
  get accounted(): number {
    const outcomes = Object.values(this.#outcomes).reduce((sum, count) => sum + count, 0)
    return outcomes + this.#pending + this.#missing
  }

  result(id: string): ScheduleVerification {
    const counts = { ...this.#outcomes, pending: this.#pending, double: this.#double, missing: this.#missing }
    const more = this.#leftOut === 0 ? [] : [`${this.#leftOut} more notes were left out.`]
    const ahead = this.#decidedAheadUntil === undefined ? {} : { decidedAheadUntil: this.#decidedAheadUntil }
    return { id, expected: this.#expected, ...counts, ...ahead, notes: [...this.#notes, ...more] }
  }
}
