import { lowestBit, highestBit, bitsUpTo } from './bits.ts'
import type { Bounds } from '../bounds.ts'
import { secondsPerDay } from '../zone/civil.ts'
import { noDay, type CronCalendar } from './cron-calendar.ts'
import {
  countFires,
  firesFrom,
  firesTo,
  firstFire,
  lastFire,
  regularFrom,
  standsForSkipped,
  type FireRule
} from './cron-fires.ts'
import { matchAtOrAfter, matchAtOrBefore, noMatch } from './cron-search.ts'
import type { Segment } from '../zone/segment.ts'
import type { TimesOfDay } from '../time-of-day.ts'
import type { CronJson, FireExplanation, LocalTrigger } from '../trigger.ts'
import { endSecond, firstSecond, localTime, widestOffset, type Zone } from '../zone/zone.ts'

interface CronParts extends FireRule {
  zone: Zone
  bounds: Bounds
  json: CronJson
  doubts: () => readonly string[]
}

/**
 * A cron expression in a zone. It caches one window of real time, at most a month, in which offset and month don't
 * change: a call within the window is a few integer operations. The cache never changes a result.
 */
export class CronTrigger implements LocalTrigger {
  readonly #parts: CronParts
  readonly #times: TimesOfDay
  readonly #startSecond: number
  readonly #endSecond: number
  /** The window [from, to), its month's first local midnight as an instant, that day, and the month's matching days. */
  #windowFrom = 0
  #windowTo = 0
  #monthStart = 0
  #firstDay = 0
  #days = 0
  /** The window's offset, and where its segment's fires end. */
  #offset = 0
  #stretchTo = 0
  #segment: Segment | undefined

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
      if (found < 0) return this.#turnMonth(second)
      const fire = this.#monthStart + found
      if (fire < this.#windowTo) return fire * 1000
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
      const segment = this.#segmentAt(second)
      count += countFires(this.#parts, segment, { from: second, to: Math.min(to, segment.to) })
      second = segment.to
    }
    return count
  }

  /** Explains the fire at an instant. */
  explain(fireAtMs: number): FireExplanation {
    const { zone } = this.#parts
    const shown = localTime(zone.name, fireAtMs)
    const second = Math.floor(fireAtMs / 1000)
    return standsForSkipped(this.#parts, zone.segmentAt(second), second) ? { ...shown, transition: 'gap' } : shown
  }

  get doubts(): readonly string[] {
    return this.#parts.doubts()
  }

  toJSON(): CronJson {
    return { ...this.#parts.json, dst: { ...this.#parts.json.dst } }
  }

  /** The next fire if the window's month has none left. */
  #turnMonth(second: number): number | undefined {
    const { calendar } = this.#parts.rule
    calendar.moveTo(this.#firstDay)
    const day = calendar.nextMonth()
    const match = day === noDay ? noMatch : day * secondsPerDay + this.#times.first
    const fire = match - this.#offset
    if (fire >= this.#stretchTo) return this.#searchNext(second, match)
    this.#layWindow(calendar)
    this.#windowFrom = this.#monthStart
    return fire * 1000
  }

  /** `known`: the first matching local time at or after the instant, if it has been found already. */
  #searchNext(from: number, known?: number): number | undefined {
    const { rule, dst } = this.#parts
    let second = from
    let match = known
    while (second < this.#endSecond) {
      const segment = this.#segmentAt(second)
      const begin = Math.max(second, firesFrom(segment, dst)) + segment.offset
      match ??= matchAtOrAfter(rule, begin)
      const fire = firstFire(this.#parts, segment, { second, regular: match - segment.offset })
      if (fire !== noMatch) return this.#found(segment, fire)
      const least = leastLocal(segment)
      if (begin > least) match = matchAtOrAfter(rule, least)
      second = Math.max(segment.to, match - widestOffset)
      const leap = this.#leap(second, match, segment.offset)
      if (leap !== undefined) return leap
      match = undefined
    }
    return undefined
  }

  /** The fire for the next matching local time, if offsets don't change from `second` until then. */
  #leap(second: number, match: number, lastOffset: number): number | undefined {
    const near = Math.max(second, match - lastOffset)
    if (near >= this.#endSecond) return undefined
    const segment = this.#segmentAt(near)
    const fire = match - segment.offset
    const steady = segment.steadyFrom <= second && fire >= Math.max(second, segment.from) && fire < segment.onceUntil
    return steady ? this.#found(segment, fire) : undefined
  }

  #searchPrevious(from: number): number | undefined {
    let second = from
    while (second >= this.#startSecond) {
      const segment = this.#segmentAt(second)
      const fire = lastFire(this.#parts, segment, second)
      if (fire !== -noMatch) return this.#found(segment, fire)
      second = Math.min(segment.from - 1, matchAtOrBefore(this.#parts.rule, segment.from + widestOffset) + widestOffset)
    }
    return undefined
  }

  #segmentAt(second: number): Segment {
    const last = this.#segment
    if (last && second >= last.from && second < last.to) return last
    this.#segment = this.#parts.zone.segmentAt(second)
    return this.#segment
  }

  /** Moves the window to a fire, and returns the fire. */
  #found(segment: Segment, fire: number): number | undefined {
    if (fire < this.#startSecond || fire >= this.#endSecond) return undefined
    const { dst, rule } = this.#parts
    rule.calendar.moveTo(Math.floor((fire + segment.offset) / secondsPerDay))
    this.#offset = segment.offset
    this.#stretchTo = Math.min(firesTo(segment, dst), this.#endSecond)
    this.#layWindow(rule.calendar)
    this.#windowFrom = Math.max(regularFrom(segment, dst), this.#monthStart, this.#startSecond)
    return fire * 1000
  }

  #layWindow(calendar: CronCalendar): void {
    this.#days = calendar.days
    this.#firstDay = calendar.first
    this.#monthStart = calendar.first * secondsPerDay - this.#offset
    this.#windowTo = Math.min(this.#stretchTo, this.#monthStart + calendar.length * secondsPerDay)
  }
}

/** No fire after a segment stands for a local time before this one. */
function leastLocal({ to, steadyFrom, steadyTo, offset }: Segment): number {
  return steadyFrom <= to && steadyTo > to + widestOffset ? to + offset : to - widestOffset
}
