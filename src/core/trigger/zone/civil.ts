/**
 * The proleptic Gregorian calendar on plain numbers. A day is counted from 1970-01-01 (day 0, a Thursday), a month from
 * January 1970 (month 0). The arithmetic starts the year in March, so that the leap day comes last.
 */
export const secondsPerDay = 86_400
/** Days in 400 years, after which the calendar repeats. */
const daysPerCycle = 146_097
const meanDaysPerMonth = daysPerCycle / 4800

/** The table has the first days of the months of 1969 to 2199 (11 KB). Others are computed. */
const tableStart = -12
const tableEnd = 230 * 12
const table = new Int32Array(tableEnd - tableStart)
for (let month = tableStart; month < tableEnd; month += 1) table[month - tableStart] = computeFirstDay(month)

/** The first day of a month. */
export function firstDayOfMonth(month: number): number {
  return month >= tableStart && month < tableEnd ? (table[month - tableStart] as number) : computeFirstDay(month)
}

/** The month of a day. */
export function monthOfDay(day: number): number {
  // The first day of a month is less than half a month away from where it would be with equal months.
  const guess = Math.floor(day / meanDaysPerMonth)
  if (firstDayOfMonth(guess) > day) return guess - 1
  return firstDayOfMonth(guess + 1) <= day ? guess + 1 : guess
}

function computeFirstDay(month: number): number {
  const year = 1970 + Math.floor(month / 12)
  const monthOfYear = month - (year - 1970) * 12
  const marchYear = monthOfYear < 2 ? year - 1 : year
  const marchMonth = monthOfYear < 2 ? monthOfYear + 10 : monthOfYear - 2
  const cycle = Math.floor(marchYear / 400)
  const yearOfCycle = (marchYear - cycle * 400) | 0
  const dayOfYear = ((153 * marchMonth + 2) / 5) | 0
  const dayOfCycle = yearOfCycle * 365 + ((yearOfCycle / 4) | 0) - ((yearOfCycle / 100) | 0) + dayOfYear
  return cycle * daysPerCycle + dayOfCycle - 719_468
}

export function monthLength(month: number): number {
  return firstDayOfMonth(month + 1) - firstDayOfMonth(month)
}

/** 0 is Sunday. For days from 1969. */
export function weekdayOf(day: number): number {
  return ((day + 4 + 53 * 7) | 0) % 7
}

export function monthOf(year: number, monthOfYear: number): number {
  return (year - 1970) * 12 + monthOfYear - 1
}

/** For months from January 1969, so that integers are enough. */
export function yearOfMonth(month: number): number {
  return 1969 + (((month + 12) / 12) | 0)
}

/** `YYYY-MM-DD` */
export function formatDay(day: number): string {
  const month = monthOfDay(day)
  const year = yearOfMonth(month)
  return `${pad(year, 4)}-${pad(month - (year - 1970) * 12 + 1)}-${pad(day - firstDayOfMonth(month) + 1)}`
}

/** `HH:MM:SS` */
export function formatTime(secondOfDay: number): string {
  return `${pad(Math.floor(secondOfDay / 3600))}:${pad(Math.floor(secondOfDay / 60) % 60)}:${pad(secondOfDay % 60)}`
}

/** The day that `YYYY-MM-DD` names, or undefined if there is no such day. */
export function parseDay(text: string): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!parts) return undefined
  const [year, monthOfYear, dayOfMonth] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  if (monthOfYear < 1 || monthOfYear > 12) return undefined
  const month = monthOf(year, monthOfYear)
  if (dayOfMonth < 1 || dayOfMonth > monthLength(month)) return undefined
  return firstDayOfMonth(month) + dayOfMonth - 1
}

/** The second of the day that `HH:MM` or `HH:MM:SS` names, or undefined. */
export function parseTime(text: string): number | undefined {
  const parts = /^(\d\d):(\d\d)(?::(\d\d))?$/.exec(text)
  if (!parts) return undefined
  const [hour, minute, second] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return hour * 3600 + minute * 60 + second
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0')
}
