import { firstDayOfMonth, monthLength, monthOfDay } from './zone/civil.ts'
import type { MonthDayRule } from './trigger.ts'

export interface CalendarStep {
  /** The first date, as a day since 1970-01-01. */
  startDay: number
  months: number
  days: number
  monthDay: MonthDayRule
}

/**
 * The date of the nth repetition: the start plus n times the months, on the start's day of the month, plus n times the
 * days. It is always counted from the start, so that the 31st never drifts to the 28th. In a month without that day it
 * is the month's last day; `skipped` says that the rule leaves this date out.
 */
export function dateAt(step: CalendarStep, index: number): { day: number; skipped: boolean } {
  const startMonth = monthOfDay(step.startDay)
  const dayOfMonth = step.startDay - firstDayOfMonth(startMonth)
  const month = startMonth + index * step.months
  const last = monthLength(month) - 1
  const day = firstDayOfMonth(month) + Math.min(dayOfMonth, last) + index * step.days
  return { day, skipped: dayOfMonth > last && step.monthDay === 'skip' }
}

/** The index (from 0) of the first date at or after a day, even if it is skipped. */
export function indexAtOrAfter(step: CalendarStep, day: number): number {
  let low = 0
  let high = Math.max(0, Math.ceil((day - step.startDay) / (step.months * 28 + step.days)))
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (dateAt(step, middle).day < day) low = middle + 1
    else high = middle
  }
  return low
}
