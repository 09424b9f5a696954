import type { LedgerRow } from '../schedule/ledger.ts'
import { OVERDUE_AFTER_MS } from '../schedule/overdue.ts'
import type { TimelineRow } from '../schedule/schedule.ts'
import { formatInstant } from '../trigger/instant.ts'
import { AHEAD_TOLERANCE_MS, firedEarly } from '../schedule/undecide.ts'
import { VerificationCounts, type ScheduleVerification } from './verify-counts.ts'
import { contradiction, isFireTime, isLinkRight, ledgerRowInWords } from './verify-row.ts'
import { expectsFires, type Stretch, stretchesOf } from './verify-stretches.ts'

/** The facts about a schedule. All of them are read before its first ledger row. */
export interface ScheduleBooks {
  readonly id: string
  /** Oldest first. */
  readonly timeline: readonly TimelineRow[]
  readonly decidedUntil: number
  /** Verify the fire times from this instant, included. */
  readonly from: number
  /** Up to this instant, included; at most `now`. */
  readonly until: number
  /** The store's time. */
  readonly now: number
  /** Ledger rows of fire times up to this instant may be pruned, so they are not verified. */
  readonly prunedUntil: number | undefined
  /** Version of the time-zone data of the Node that verifies. */
  readonly timezoneData: string
}

/**
 * Compares a schedule's ledger with its trigger: every fire time of every stretch is recorded once, and the chain of
 * rows is unbroken. It takes rows one by one, so that a ledger of any length can be read page by page. A run of any
 * length costs the same. Fire times are computed again only for rows that were decided under the same time-zone data.
 * For other rows their chain is trusted, and a note says so.
 */
export class ScheduleVerifier {
  readonly #books: ScheduleBooks
  readonly #counts = new VerificationCounts()
  readonly #stretches: readonly Stretch[]
  readonly #startsAfter: number
  #index = 0
  #coveredUntil = -Infinity
  #previous: LedgerRow | undefined
  #accountedBefore = 0
  #isRecomputed = true

  constructor(books: ScheduleBooks) {
    this.#books = books
    this.#stretches = stretchesOf(books.timeline)
    this.#startsAfter = Math.max(books.from - 1, books.prunedUntil ?? -Infinity)
    const first = this.#stretches[0]
    if (this.#startsAfter >= books.from && first !== undefined && first.after < this.#startsAfter)
      this.#counts.note(
        `Nothing is claimed of fire times up to ${formatInstant(this.#startsAfter)}: their records may be past retention.`
      )
  }

  /** Takes the next row of `id` whose run reaches into [from, until], in the order of their fire times. */
  add(row: LedgerRow): void {
    if (row.lastFireAt <= this.#startsAfter) return
    let stretch = this.#stretches[this.#index]
    while (stretch !== undefined && row.fireAt > stretch.until) {
      this.#close(stretch)
      stretch = this.#stretches[(this.#index += 1)]
    }
    const isAfterStart = stretch !== undefined && row.fireAt > stretch.after
    const here = isAfterStart ? stretch : undefined
    if (this.#firedEarly(row)) return this.#addEarly(row, here)
    const problem = contradiction(row, here, here !== undefined && this.#mayRecompute(row, here))
    if (here !== undefined && problem === undefined) this.#account(row, here)
    else this.#counts.addDouble(1, `The ledger says ${ledgerRowInWords(row)}, and cannot: ${problem}.`)
  }

  /** It fired under a clock that ran ahead. It counts if it is a fire time of the definition that applies to it. */
  #addEarly(row: LedgerRow, stretch: Stretch | undefined): void {
    const isOne = stretch !== undefined && expectsFires(stretch) && isFireTime(stretch, row.fireAt)
    if (isOne && row.fireAt > this.#coveredUntil) return this.#account(row, stretch)
    if (isOne) return this.#countDouble(row, stretch)
    this.#counts.note(
      `${formatInstant(row.fireAt)} fired before it came, under a clock that ran ahead, and is no fire time of what held when it came.`
    )
  }

  finish(): ScheduleVerification {
    for (; this.#index < this.#stretches.length; this.#index += 1) {
      const stretch = this.#stretches[this.#index]
      if (stretch !== undefined) this.#close(stretch)
    }
    return this.#counts.result(this.#books.id)
  }

  #account(row: LedgerRow, stretch: Stretch): void {
    const isRecomputed = this.#mayRecompute(row, stretch)
    if (row.fireAt <= this.#coveredUntil) this.#countDouble(row, stretch)
    else if (isRecomputed) this.#findGap(row, stretch)
    else this.#followChain(row)
    this.#countRow(row, stretch, isRecomputed)
    if (isRecomputed && !this.#firedEarly(row) && !isLinkRight(row, stretch)) this.#breakChain(row)
    this.#coveredUntil = Math.max(this.#coveredUntil, row.lastFireAt)
    this.#previous = row
  }

  #mayRecompute(row: LedgerRow, stretch: Stretch): boolean {
    return !stretch.dependsOnZone || row.timezoneData === this.#books.timezoneData
  }

  #firedEarly(row: LedgerRow): boolean {
    return firedEarly(row, this.#books.timeline)
  }

  #countDouble(row: LedgerRow, { trigger }: Stretch): void {
    const twice = trigger.count(row.fireAt - 1, Math.min(this.#coveredUntil, row.lastFireAt))
    this.#counts.addDouble(
      Math.max(1, twice),
      `The ledger says ${ledgerRowInWords(row)}, and another row has fire times of that run already.`
    )
  }

  #findGap(row: LedgerRow, stretch: Stretch): void {
    const previous = this.#previous
    const isNewData = previous !== undefined && !this.#mayRecompute(previous, stretch)
    if (isNewData) this.#counts.note(`From ${formatInstant(row.fireAt)} on the fire times follow newer time-zone data.`)
    const since = Math.max(this.#since(stretch), isNewData ? previous.decidedAt : -Infinity)
    this.#countMissing(stretch, since, row.fireAt - 1)
  }

  /** Under other time-zone data than ours, only the row before tells whether this one is the next. */
  #followChain(row: LedgerRow): void {
    this.#isRecomputed = false
    this.#counts.note(
      `Rows decided under time-zone data ${row.timezoneData} were not computed again under ${this.#books.timezoneData}: their chain is trusted.`
    )
    const previous = this.#previous
    if (previous?.timezoneData === row.timezoneData && previous.nextFireAt !== row.fireAt)
      this.#breakChain(previous, row.fireAt)
  }

  #breakChain(row: LedgerRow, followedBy?: number): void {
    const next = row.nextFireAt === undefined ? 'no further one' : formatInstant(row.nextFireAt)
    const instead = followedBy === undefined ? '' : `, but ${formatInstant(followedBy)} follows`
    this.#counts.addMissing(
      1,
      `The chain is broken: the row ${ledgerRowInWords(row)} sets ${next} as the next fire time${instead}.`
    )
  }

  #countRow(row: LedgerRow, { trigger }: Stretch, isRecomputed: boolean): void {
    const since = Math.max(row.fireAt - 1, this.#coveredUntil, this.#startsAfter)
    const until = Math.min(row.lastFireAt, this.#books.until)
    if (since >= until) return
    const isWhole = since === row.fireAt - 1 && until === row.lastFireAt
    const inTrigger = row.count === 1 ? 1 : trigger.count(since, until)
    if (!isRecomputed) return this.#counts.add(row.outcome, isWhole ? row.count : Math.min(row.count, inTrigger))
    const inRow = row.count === 1 ? 1 : trigger.count(row.fireAt - 1, row.lastFireAt)
    const tooFew = isWhole ? Math.max(0, inRow - row.count) : 0
    this.#counts.add(row.outcome, inTrigger - tooFew)
    if (inRow === row.count) return
    const note = `The row ${ledgerRowInWords(row)} counts ${row.count} fire times, and there are ${inRow}.`
    if (row.count > inRow) this.#counts.addDouble(row.count - inRow, note)
    else this.#counts.addMissing(inRow - row.count, note)
  }

  #since(stretch: Stretch): number {
    return Math.max(this.#coveredUntil, stretch.after, this.#startsAfter)
  }

  #countMissing(stretch: Stretch, since: number, until: number): void {
    const end = Math.min(until, this.#books.until)
    if (since >= end) return
    const missing = stretch.trigger.count(since, end)
    if (missing === 0) return
    const first = stretch.trigger.next(since) ?? end
    const which = missing === 1 ? 'The fire time' : `${missing} fire times from`
    this.#counts.addMissing(
      missing,
      `${which} ${formatInstant(first)}${missing === 1 ? ' is' : ' on are'} not in the ledger.`
    )
  }

  #close(stretch: Stretch): void {
    if (expectsFires(stretch)) {
      if (stretch.until === Infinity) this.#closeOpen(stretch)
      else this.#closeEnded(stretch)
      this.#countExpected(stretch)
    }
    this.#coveredUntil = -Infinity
    this.#previous = undefined
    this.#accountedBefore = this.#counts.accounted
    this.#isRecomputed = true
  }

  /** The change that ended the stretch decided every fire time until then. */
  #closeEnded(stretch: Stretch): void {
    const previous = this.#previous
    if (previous !== undefined && !this.#mayRecompute(previous, stretch)) {
      const next = previous.nextFireAt
      if (next === undefined || next > stretch.until || !isFireTime(stretch, next)) return
    }
    this.#countMissing(stretch, this.#since(stretch), stretch.until)
  }

  #closeOpen(stretch: Stretch): void {
    const previous = this.#previous
    const isNewData = previous !== undefined && !this.#mayRecompute(previous, stretch)
    const since = Math.max(this.#since(stretch), isNewData ? previous.decidedAt : -Infinity)
    const { decidedUntil, now, until } = this.#books
    if (decidedUntil > now + AHEAD_TOLERANCE_MS) this.#counts.foundAhead(decidedUntil, now)
    const isPaused = stretch.phase === 'paused'
    const settled = isPaused ? decidedUntil : Math.max(decidedUntil, now - OVERDUE_AFTER_MS - 1)
    this.#countMissing(stretch, since, settled)
    const rest = Math.max(since, settled) < until ? stretch.trigger.count(Math.max(since, settled), until) : 0
    if (!isPaused) return this.#counts.addPending(rest)
    if (rest > 0) this.#counts.note(`${rest} of the paused are of the present pause, and written down when it ends.`)
    this.#counts.add(stretch.phaseBy === 'orphans' ? 'orphaned' : 'paused', rest)
  }

  #countExpected(stretch: Stretch): void {
    const since = Math.max(stretch.after, this.#startsAfter)
    const until = Math.min(stretch.until, this.#books.until)
    const byTrigger = since < until ? stretch.trigger.count(since, until) : 0
    this.#counts.addExpected(this.#isRecomputed ? byTrigger : this.#counts.accounted - this.#accountedBefore)
  }
}
