import { EscapementError } from '../../errors.ts'
import { invalidPart, type CronField } from './cron-syntax.ts'
import { isFromZero, itemValues, valueOf } from './cron-values.ts'

/** The days in the day-of-month field. Bit 0 of `days` and `nearestWeekdays` is the first of the month. */
export interface MonthDays {
  days: number
  /** Bit n: the nth day before the last (`L` is n = 0). */
  fromLast: number
  /** `15W`: the weekday (mon to fri) nearest to the 15th within its month. */
  nearestWeekdays: number
  /** `LW`: the last weekday of the month. */
  lastWeekday: boolean
}

/** The days in the day-of-week field. Bit 0 is Sunday. */
export interface WeekDays {
  days: number
  /** `fri#2`: at [n - 1] the weekdays that match on their nth occurrence in the month. */
  nth: number[]
  /** `friL`: the weekdays that match on their last occurrence in the month. */
  last: number
}

/** @throws EscapementError `cron-invalid` */
export function monthDaysOf(field: CronField): MonthDays {
  const found: MonthDays = { days: 0, fromLast: 0, nearestWeekdays: 0, lastWeekday: false }
  if (field.text === '?') return { ...found, days: 0x7fffffff }
  for (const item of field.text.split(',')) {
    if (item === 'lw') found.lastWeekday = true
    else if (/^l(-\d+)?$/.test(item)) found.fromLast |= 1 << fromLastOf(field, item)
    else if (/^\d+w$/.test(item)) found.nearestWeekdays |= 1 << (valueOf(field, item.slice(0, -1), item) - 1)
    else for (const day of itemValues(field, item)) found.days |= 1 << (day - 1)
  }
  return found
}

/** @throws EscapementError `cron-invalid` */
export function weekDaysOf(field: CronField): WeekDays {
  const found: WeekDays = { days: 0, nth: [0, 0, 0, 0, 0], last: 0 }
  if (field.text === '?') return { ...found, days: 0x7f }
  for (const item of field.text.split(',')) {
    const [weekday = '', nth, ...rest] = item.split('#')
    if (nth !== undefined) {
      if (!/^[1-5]$/.test(nth) || rest.length > 0) throw invalidPart(field, item, 'whose "#" takes 1-5')
      found.nth[Number(nth) - 1]! |= 1 << dayFromZero(field, valueOf(field, weekday, item))
    } else if (item === 'l' && !isFromZero(field)) found.days |= 1 << saturday
    else if (item === 'l') throw invalidPart(field, item, 'which names no day; the last Friday is "friL" or "5L"')
    else if (item.endsWith('l')) found.last |= 1 << dayFromZero(field, valueOf(field, item.slice(0, -1), item))
    else for (const day of itemValues(field, item)) found.days |= 1 << dayFromZero(field, day)
  }
  return found
}

/** In Quartz, `L` alone is the last day of the week. */
const saturday = 6
const dayFromZero = (field: CronField, day: number): number => (isFromZero(field) ? day % 7 : day - 1)

function fromLastOf(field: CronField, item: string): number {
  const distance = item === 'l' ? 0 : Number(item.slice(2))
  if (distance > 30) throw invalidPart(field, item, 'which is further from the last day than 30')
  return distance
}

/** The error for an expression that can never match. */
export function impossible(expression: string, why: string): EscapementError {
  return new EscapementError('cron-impossible', `Cron expression "${expression}" can never match: ${why}`)
}
