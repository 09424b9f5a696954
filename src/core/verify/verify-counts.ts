import type { LedgerOutcome } from '../schedule/ledger.ts'
import { formatInstant } from '../trigger/instant.ts'

/**
 * What the books hold of one schedule's fire times. When all is well, `expected` is the sum of the outcomes and
 * `pending`, and `double` and `missing` are 0.
 */
export interface ScheduleVerification extends Readonly<Record<LedgerOutcome, number>> {
  readonly id: string
  /** Fire times by the trigger, in the stretches of the range in which the schedule was active or paused. */
  readonly expected: number
  /** Due for less than 5 s, and not decided yet. */
  readonly pending: number
  /** Fire times that are recorded twice, and records of fire times that never were. */
  readonly double: number
  /** Fire times that were due and of which the books say nothing, and links of the chain that lead to nothing. */
  readonly missing: number
  /** It was decided until then, which is later than now: nothing fires before. Undefined when all is well. */
  readonly decidedAheadUntil?: number | undefined
  /** What was found wrong, and what could not be claimed; the first 20. */
  readonly notes: readonly string[]
}

/** Whether every fire time is in the books, and once. */
export const isSound = (verification: ScheduleVerification): boolean =>
  verification.double === 0 && verification.missing === 0

/** Whether fire times that are still to come count as decided, so that they would be passed over. */
export const isDecidedAhead = ({ decidedAheadUntil }: ScheduleVerification): boolean => decidedAheadUntil !== undefined

const MAX_NOTES = 20

/** The counts of a verification while they are gathered. */
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

  /** Fire times that were accounted for so far, one way or the other. */
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
