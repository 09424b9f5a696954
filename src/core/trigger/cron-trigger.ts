import { lowestBit, highestBit, bitsUpTo } from './bits.ts'
import type { Bounds } from './bounds.ts'
import { firstDayOfMonth, monthLength, monthOfDay, secondsPerDay } from './civil.ts'
import { countFires, firstFire, lastFire, regularStretch, standsForSkipped, type FireRule } from './cron-fires.ts'
import { matchAtOrAfter, matchAtOrBefore, noMatch } from './cron-search.ts'
import type { Segment } from './segment.ts'
import type { TimesOfDay } from './time-of-day.ts'
import type { CronJson, FireExplanation, LocalTrigger } from './trigger.ts'
import { endSecond, firstSecond, localTime, widestOffset, type Zone } from './zone.ts'

interface CronParts extends FireRule {
  zone: Zone
  bounds: Bounds
  json: CronJson
}

/**
 * A cron expression in a zone. It remembers one window of real time, at most a month, in which offset and month don't
 * change: a call that stays in it is a few integer operations. What it remembers never changes an answer.
 */
export class CronTrigger implements LocalTrigger {
  readonly #parts: CronParts
  readonly #times: TimesOfDay
  readonly #startSecond: number
  readonly #endSecond: number
  /** The window [from, to), the instant of its month's first local midnight, and the month's matching days. */
  #windowFrom = 0
  #windowTo = 0
  #monthStart = 0
  #days = 0

  constructor(parts: CronParts) {
    this.#parts = parts
    this.#times = parts.rule.times
    this.#startSecond = Math.max(firstSecond, Math.ceil(parts.bounds.startMs / 1000))
    this.#endSecond = Math.min(endSecond, Math.floor(parts.bounds.endMs / 1000) + 1)
  }

  next(afterMs: number): number | undefined {
    const second = Math.floor(afterMs / 1000) + 1
    if (second >= this.#windowFrom && second < this.#windowTo) {
      const inMonth = (second - this.#monthStart) | 0
      const day = (inMonth / secondsPerDay) | 0
      const rest = this.#days >>> day
      let found = -1
      if (rest & 1) {
        const time = this.#times.atOrAfter(inMonth - day * secondsPerDay)
        if (time >= 0) found = day * secondsPerDay + time
      }
      if (found < 0 && rest > 1) found = (day + 1 + lowestBit(rest >>> 1)) * secondsPerDay + this.#times.first
      const fire = this.#monthStart + found
      if (found >= 0 && fire < this.#windowTo) return fire * 1000
    }
    return this.#searchNext(Math.max(second, this.#startSecond))
  }

  previous(beforeMs: number): number | undefined {
    const second = Math.ceil(beforeMs / 1000) - 1
    if (second >= this.#windowFrom && second < this.#windowTo) {
      const inMonth = (second - this.#monthStart) | 0
      const day = (inMonth / secondsPerDay) | 0
      let found = -1
      if ((this.#days >>> day) & 1) {
        const time = this.#times.atOrBefore(inMonth - day * secondsPerDay)
        if (time >= 0) found = day * secondsPerDay + time
      }
      const earlier = found >= 0 || day === 0 ? 0 : this.#days & bitsUpTo(day - 1)
      if (earlier !== 0) found = highestBit(earlier) * secondsPerDay + this.#times.last
      const fire = this.#monthStart + found
      if (found >= 0 && fire >= this.#windowFrom) return fire * 1000
    }
    return this.#searchPrevious(Math.min(second, this.#endSecond - 1))
  }

  count(afterMs: number, untilMs: number): number {
    const from = Math.max(Math.floor(afterMs / 1000) + 1, this.#startSecond)
    const to = Math.min(Math.floor(untilMs / 1000) + 1, this.#endSecond)
    let count = 0
    let second = from
    while (second < to) {
      const segment = this.#parts.zone.segmentAt(second)
      count += countFires(this.#parts, segment, { from: second, to: Math.min(to, segment.to) })
      second = segment.to
    }
    return count
  }

  /** How the fire at an instant came about. */
  explain(fireAtMs: number): FireExplanation {
    const { zone } = this.#parts
    const shown = localTime(zone.name, fireAtMs)
    const second = Math.floor(fireAtMs / 1000)
    return standsForSkipped(this.#parts, zone.segmentAt(second), second) ? { ...shown, transition: 'gap' } : shown
  }

  toJSON(): CronJson {
    return { ...this.#parts.json, dst: { ...this.#parts.json.dst } }
  }

  #searchNext(from: number): number | undefined {
    const { rule, zone } = this.#parts
    let second = from
    while (second < this.#endSecond) {
      const segment = zone.segmentAt(second)
      const fire = firstFire(this.#parts, segment, second)
      if (fire !== noMatch) {
        this.#remember(segment, fire)
        return fire < this.#endSecond ? fire * 1000 : undefined
      }
      second = Math.max(segment.to, matchAtOrAfter(rule, segment.to - widestOffset) - widestOffset)
    }
    return undefined
  }

  #searchPrevious(from: number): number | undefined {
    const { rule, zone } = this.#parts
    let second = from
    while (second >= this.#startSecond) {
      const segment = zone.segmentAt(second)
      const fire = lastFire(this.#parts, segment, second)
      if (fire !== -noMatch) {
        this.#remember(segment, fire)
        return fire >= this.#startSecond ? fire * 1000 : undefined
      }
      second = Math.min(segment.from - 1, matchAtOrBefore(rule, segment.from + widestOffset) + widestOffset)
    }
    return undefined
  }

  #remember(segment: Segment, fire: number): void {
    const { rule, dst } = this.#parts
    const month = monthOfDay(Math.floor((fire + segment.offset) / secondsPerDay))
    const first = firstDayOfMonth(month)
    const regular = regularStretch(segment, dst)
    this.#monthStart = first * secondsPerDay - segment.offset
    this.#days = rule.calendar.daysOf(month, first)
    const monthEnd = this.#monthStart + monthLength(month) * secondsPerDay
    this.#windowFrom = Math.max(regular.from, this.#monthStart, this.#startSecond)
    this.#windowTo = Math.min(regular.to, monthEnd, this.#endSecond)
  }
}
