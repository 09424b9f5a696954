import { secondsPerDay } from '../zone/civil.ts'
import { noDay } from './cron-calendar.ts'
import type { CronRule } from './cron-expression.ts'

// The matches of an expression in local time: seconds since 1970-01-01T00:00 local, without any zone.

/** Stands for no match, as a local second. */
export const noMatch = Infinity

/** The first match at or after a local second, or `noMatch`. */
export function matchAtOrAfter(rule: CronRule, local: number): number {
  const day = Math.floor(local / secondsPerDay)
  let match = rule.calendar.atOrAfter(day)
  if (match === day) {
    const time = rule.times.atOrAfter(local - day * secondsPerDay)
    if (time >= 0) return day * secondsPerDay + time
    match = rule.calendar.atOrAfter(day + 1)
  }
  return match === noDay ? noMatch : match * secondsPerDay + rule.times.first
}

/** The last match at or before a local second, or `-noMatch`. */
export function matchAtOrBefore(rule: CronRule, local: number): number {
  const day = Math.floor(local / secondsPerDay)
  let match = rule.calendar.atOrBefore(day)
  if (match === day) {
    const time = rule.times.atOrBefore(local - day * secondsPerDay)
    if (time >= 0) return day * secondsPerDay + time
    match = rule.calendar.atOrBefore(day - 1)
  }
  return match === -noDay ? -noMatch : match * secondsPerDay + rule.times.last
}

/** How many matches lie in the local seconds [from, to). */
export function countMatches(rule: CronRule, from: number, to: number): number {
  if (to <= from) return 0
  const firstDay = Math.floor(from / secondsPerDay)
  const lastDay = Math.floor(to / secondsPerDay)
  const whole = rule.calendar.count(firstDay, lastDay) * rule.times.size
  return whole + countOfDayBefore(rule, lastDay, to) - countOfDayBefore(rule, firstDay, from)
}

export function isMatch(rule: CronRule, local: number): boolean {
  const day = Math.floor(local / secondsPerDay)
  return rule.calendar.has(day) && rule.times.has(local - day * secondsPerDay)
}

function countOfDayBefore(rule: CronRule, day: number, local: number): number {
  return rule.calendar.has(day) ? rule.times.countBefore(local - day * secondsPerDay) : 0
}
