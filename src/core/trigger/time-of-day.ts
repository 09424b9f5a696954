import { bitsUpTo, countBits, highestBit, lowestBit, SixtyBits } from './cron/bits.ts'

/** The seconds of a day at which all three time fields match, found by bit operations. One object per expression. */
export class TimesOfDay {
  readonly #hours: number
  readonly #minutes: SixtyBits
  readonly #seconds: SixtyBits
  /** The first and last matching second of a day, and how many there are. */
  readonly first: number
  readonly last: number
  readonly size: number

  constructor(hours: number[], minutes: number[], seconds: number[]) {
    this.#hours = hours.reduce((bits, hour) => bits | (1 << hour), 0)
    this.#minutes = new SixtyBits(minutes)
    this.#seconds = new SixtyBits(seconds)
    this.first = lowestBit(this.#hours) * 3600 + this.#minutes.first * 60 + this.#seconds.first
    this.last = highestBit(this.#hours) * 3600 + this.#minutes.last * 60 + this.#seconds.last
    this.size = countBits(this.#hours) * this.#minutes.size * this.#seconds.size
  }

  /** The first match at or after a second of the day (0..86399); -1 if there is none. */
  atOrAfter(second: number): number {
    const hour = (second / 3600) | 0
    const inHour = second - hour * 3600
    if ((this.#hours >>> hour) & 1) {
      const minute = (inHour / 60) | 0
      let match = this.#minutes.atOrAbove(minute)
      if (match === minute) {
        const exact = this.#seconds.atOrAbove(inHour - minute * 60)
        if (exact < 60) return second - inHour + minute * 60 + exact
        match = this.#minutes.atOrAbove(minute + 1)
      }
      if (match < 60) return second - inHour + match * 60 + this.#seconds.first
    }
    const later = this.#hours >>> (hour + 1)
    if (later === 0) return -1
    return (hour + 1 + lowestBit(later)) * 3600 + this.#minutes.first * 60 + this.#seconds.first
  }

  /** The last match at or before a second of the day (0..86399); -1 if there is none. */
  atOrBefore(second: number): number {
    const hour = (second / 3600) | 0
    const inHour = second - hour * 3600
    if ((this.#hours >>> hour) & 1) {
      const minute = (inHour / 60) | 0
      let match = this.#minutes.atOrBelow(minute)
      if (match === minute) {
        const exact = this.#seconds.atOrBelow(inHour - minute * 60)
        if (exact >= 0) return second - inHour + minute * 60 + exact
        match = this.#minutes.atOrBelow(minute - 1)
      }
      if (match >= 0) return second - inHour + match * 60 + this.#seconds.last
    }
    const earlier = hour === 0 ? 0 : this.#hours & bitsUpTo(hour - 1)
    if (earlier === 0) return -1
    return highestBit(earlier) * 3600 + this.#minutes.last * 60 + this.#seconds.last
  }

  /** How many matches are before a second of the day (0..86400). */
  countBefore(second: number): number {
    const hour = (second / 3600) | 0
    const inHour = second - hour * 3600
    const minute = (inHour / 60) | 0
    const perMinute = this.#seconds.size
    const hours = hour === 0 ? 0 : countBits(this.#hours & bitsUpTo(hour - 1))
    let count = hours * this.#minutes.size * perMinute
    if ((this.#hours >>> hour) & 1 && hour < 24) {
      count += this.#minutes.countBelow(minute) * perMinute
      if (this.#minutes.has(minute)) count += this.#seconds.countBelow(inHour - minute * 60)
    }
    return count
  }

  has(second: number): boolean {
    return this.atOrAfter(second) === second
  }
}
