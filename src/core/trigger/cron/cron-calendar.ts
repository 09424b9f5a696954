import { bitsUpTo, countBits, highestBit, lowestBit } from './bits.ts'
import { firstDayOfMonth, monthOf, monthOfDay, weekdayOf, yearOfMonth } from '../zone/civil.ts'
import type { MonthDays, WeekDays } from './cron-days.ts'

/** Stands for no day: later and (negated) earlier than every day of the years 1970 to 9999. */
export const noDay = 1e9

const firstMonth = monthOf(1969, 12)
const lastMonth = monthOf(10_000, 1)

interface CalendarRule {
  monthDays: MonthDays
  weekDays: WeekDays
  /** Both day fields are restricted, and a match of either is enough. */
  eitherDay: boolean
  /** Bit 0 is January. */
  months: number
  /** Ascending; undefined for every year. */
  years: readonly number[] | undefined
}

/**
 * Which days match, one month at a time: a month is a word with bit 0 for its first day. The word of the current month
 * is kept; which month that is never changes a result.
 */
export class CronCalendar {
  readonly #rule: CalendarRule
  readonly #special: boolean
  #month = 0
  /** The current month: its first day, its length in days, and which days match. */
  first = 0
  length = 0
  days = 0

  constructor(rule: CalendarRule) {
    const { monthDays, weekDays } = rule
    this.#rule = rule
    this.#special =
      monthDays.fromLast !== 0 ||
      monthDays.nearestWeekdays !== 0 ||
      monthDays.lastWeekday ||
      weekDays.last !== 0 ||
      weekDays.nth.some(days => days !== 0)
  }

  /** Whether only some years match. */
  get hasYears(): boolean {
    return this.#rule.years !== undefined
  }

  /** Moves to the month of a day. */
  moveTo(day: number): void {
    if (day < this.first || day >= this.first + this.length) this.#stand(monthOfDay(day))
  }

  /** The first matching day at or after `day`, or `noDay`. Moves to its month. */
  atOrAfter(day: number): number {
    this.moveTo(day)
    const rest = this.days >>> (day - this.first)
    return rest === 0 ? this.nextMonth() : day + lowestBit(rest)
  }

  /** The first matching day after the current month, or `noDay`. Moves to its month. */
  nextMonth(): number {
    do {
      const month = this.#monthAtOrAfter(this.#month + 1)
      if (month > lastMonth) return noDay
      this.#stand(month)
    } while (this.days === 0)
    return this.first + lowestBit(this.days)
  }

  /** The last matching day at or before `day`, or `-noDay`. Moves to its month. */
  atOrBefore(day: number): number {
    this.moveTo(day)
    const rest = this.days & bitsUpTo(day - this.first)
    if (rest !== 0) return this.first + highestBit(rest)
    do {
      const month = this.#monthAtOrBefore(this.#month - 1)
      if (month < firstMonth) return -noDay
      this.#stand(month)
    } while (this.days === 0)
    return this.first + highestBit(this.days)
  }

  /** How many days match in [from, to). */
  count(from: number, to: number): number {
    if (to <= from) return 0
    this.moveTo(from)
    let count = -countBits(from > this.first ? this.days & bitsUpTo(from - this.first - 1) : 0)
    while (this.first + this.length < to) {
      count += countBits(this.days)
      this.#stand(this.#month + 1)
    }
    return count + countBits(this.days & bitsUpTo(to - this.first - 1))
  }

  has(day: number): boolean {
    this.moveTo(day)
    return ((this.days >>> (day - this.first)) & 1) === 1
  }

  #stand(month: number): void {
    this.#month = month
    this.first = firstDayOfMonth(month)
    this.length = firstDayOfMonth(month + 1) - this.first
    this.days = this.#matching(month) & bitsUpTo(this.length - 1)
  }

  #matching(month: number): number {
    const { monthDays, weekDays, eitherDay, months, years } = this.#rule
    const year = yearOfMonth(month)
    if (((months >>> (month - monthOf(year, 1))) & 1) === 0) return 0
    if (years && years[indexOfYear(years, year)] !== year) return 0
    const shape = { length: this.length, weekday: weekdayOf(this.first) }
    let byMonth = monthDays.days
    let byWeek = everyWeek(weekDays.days, shape.weekday)
    if (this.#special) {
      byMonth |= specialMonthDays(monthDays, shape)
      byWeek |= specialWeekDays(weekDays, shape)
    }
    return eitherDay ? byMonth | byWeek : byMonth & byWeek
  }

  #monthAtOrAfter(month: number): number {
    const { months, years } = this.#rule
    const january = monthOf(yearOfMonth(month), 1)
    const rest = months >>> (month - january)
    const found = rest === 0 ? january + 12 + lowestBit(months) : month + lowestBit(rest)
    if (!years) return found
    const matching = years[indexOfYear(years, yearOfMonth(found))]
    if (matching === undefined) return lastMonth + 1
    return matching === yearOfMonth(found) ? found : monthOf(matching, 1) + lowestBit(months)
  }

  #monthAtOrBefore(month: number): number {
    const { months, years } = this.#rule
    const january = monthOf(yearOfMonth(month), 1)
    const rest = months & bitsUpTo(month - january)
    const found = (rest === 0 ? january - 12 : january) + highestBit(rest === 0 ? months : rest)
    if (!years) return found
    const matching = years[indexOfYear(years, yearOfMonth(found) + 1) - 1]
    if (matching === undefined) return firstMonth - 1
    return matching === yearOfMonth(found) ? found : monthOf(matching, 1) + highestBit(months)
  }
}

/** The index of the first of the ascending years at or after `year`. */
function indexOfYear(years: readonly number[], year: number): number {
  let [low, high] = [0, years.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((years[middle] ?? 0) < year) low = middle + 1
    else high = middle
  }
  return low
}

interface MonthShape {
  length: number
  /** The weekday of its first day; 0 is Sunday. */
  weekday: number
}

/** Which of 31 days have a weekday in the set. */
function everyWeek(weekdays: number, first: number): number {
  const week = ((weekdays >>> first) | (weekdays << (7 - first))) & 0x7f
  return week | (week << 7) | (week << 14) | (week << 21) | ((week & 7) << 28)
}

function specialMonthDays({ fromLast, nearestWeekdays, lastWeekday }: MonthDays, shape: MonthShape): number {
  let days = 0
  for (let rest = fromLast; rest !== 0; rest &= rest - 1) {
    const day = shape.length - lowestBit(rest)
    if (day >= 1) days |= 1 << (day - 1)
  }
  for (let rest = nearestWeekdays; rest !== 0; rest &= rest - 1) {
    const day = lowestBit(rest) + 1
    if (day <= shape.length) days |= 1 << (nearestWeekday(day, shape) - 1)
  }
  if (lastWeekday) days |= 1 << (nearestWeekday(shape.length, shape) - 1)
  return days
}

/** The weekday (mon to fri) nearest to a day, counted from 1, within the month. */
function nearestWeekday(day: number, { length, weekday }: MonthShape): number {
  const at = (weekday + day - 1) % 7
  if (at === 6) return day === 1 ? 3 : day - 1
  if (at === 0) return day === length ? day - 2 : day + 1
  return day
}

function specialWeekDays({ nth, last }: WeekDays, { length, weekday }: MonthShape): number {
  let days = everyWeek(last, weekday) & ~bitsUpTo(length - 8)
  for (const [index, weekdays] of nth.entries()) days |= everyWeek(weekdays, weekday) & (0x7f << (index * 7))
  return days
}
