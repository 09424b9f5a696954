import { EscapementError } from '../errors.ts'
import { judgedLater } from '../options/forms.ts'
import { describe } from '../options/names.ts'
import { checkOptions, door } from '../options/options.ts'
import { boundsOf } from './bounds.ts'
import { dateAt, indexAtOrAfter, type CalendarStep } from './calendar-dates.ts'
import { formatDay, formatTime, parseDay, parseTime, secondsPerDay } from './zone/civil.ts'
import { dstPolicy, checkChoice, type DstPolicy } from './zone/dst.ts'
import type { Instant } from './instant.ts'
import { momentOf, type LocalMoment } from './zone/local-instants.ts'
import type { CalendarIntervalJson, FireExplanation, LocalTrigger, MonthDayRule } from './trigger.ts'
import { zoneDoubt } from './zone/zone-doubt.ts'
import { endSecond, firstSecond, localTime, namedZone, widestOffset, zoneOf, type Zone } from './zone/zone.ts'

/** The options of `calendarInterval`. At least one of `years`, `months`, `weeks` and `days` is above 0. */
export interface CalendarIntervalOptions {
  /**
   * How many years the dates are apart: a whole number from 0, as the next three.
   * @default 0
   */
  years?: number | undefined
  /** @default 0 */
  months?: number | undefined
  /** @default 0 */
  weeks?: number | undefined
  /** @default 0 */
  days?: number | undefined
  /** Local time of each fire: `HH:MM` or `HH:MM:SS`. */
  time: string
  /**
   * IANA name.
   * @default the settings' zone in a schedule, else UTC
   */
  timezone?: string | undefined
  /** The first date, `YYYY-MM-DD` in local time, from 1970 to 9999. All dates are counted from it. */
  start: string
  /**
   * In a month without the start's day of the month: fire on its last day (`clamp`), or do not fire (`skip`).
   * @default 'clamp'
   */
  monthDay?: MonthDayRule | undefined
  /**
   * As for a fixed-time `cron` expression.
   * @default { gap: 'transition', overlap: 'first' }
   */
  dst?: Partial<DstPolicy> | undefined
  /**
   * The last instant that may be a fire time (inclusive).
   * @default no end
   */
  end?: Instant | undefined
}

/**
 * Fires every n years, months, weeks or days, at a local time.
 *
 * @throws EscapementError `trigger-invalid`, `timezone-invalid`
 *
 * @example
 * ```ts
 * // The last day of every third month, at nine in Paris.
 * calendarInterval({ months: 3, start: '2026-01-31', time: '09:00', timezone: 'Europe/Paris' })
 * ```
 */
export function calendarInterval(options: CalendarIntervalOptions): LocalTrigger {
  checkOptions('calendarInterval', options, calendarIntervalDoor)
  const [years, months, weeks, days] = [
    wholes(options, 'years'),
    wholes(options, 'months'),
    wholes(options, 'weeks'),
    wholes(options, 'days')
  ]
  if (years + months + weeks + days === 0) {
    throw invalid('the interval', 0, 'at least one of years, months, weeks and days above 0')
  }
  const startDay = typeof options.start === 'string' ? parseDay(options.start) : undefined
  if (startDay === undefined || startDay < 0)
    throw invalid('start', options.start, 'a date "YYYY-MM-DD" from 1970 to 9999')
  const timeOfDay = typeof options.time === 'string' ? parseTime(options.time) : undefined
  if (timeOfDay === undefined) throw invalid('time', options.time, '"HH:MM" or "HH:MM:SS"')
  const timezone = options.timezone ?? 'UTC'
  const dst = dstPolicy(options.dst)
  const monthDay = checkChoice('calendarInterval: monthDay', options.monthDay, ['clamp', 'skip'])
  const bounds = boundsOf('calendarInterval', { end: options.end })
  const [time, start] = [formatTime(timeOfDay), formatDay(startDay)]
  const json: CalendarIntervalJson = {
    kind: 'calendar-interval',
    years,
    months,
    weeks,
    days,
    time,
    ...namedZone(options),
    start,
    monthDay,
    dst,
    ...bounds.json
  }
  const trigger = new CalendarIntervalTrigger({
    step: { startDay, months: years * 12 + months, days: weeks * 7 + days, monthDay },
    timeOfDay,
    zone: zoneOf(timezone),
    dst,
    endSecond: Math.min(endSecond, Math.floor(bounds.endMs / 1000) + 1),
    json
  })
  if (trigger.next(-1) === undefined)
    throw new EscapementError(
      'trigger-invalid',
      `calendarInterval can never fire: its first date, ${start} at ${time} in ${timezone}, lies behind its end.`
    )
  return trigger
}

const calendarIntervalDoor = door<CalendarIntervalOptions>('trigger-invalid', {
  years: judgedLater,
  months: judgedLater,
  weeks: judgedLater,
  days: judgedLater,
  time: judgedLater,
  timezone: judgedLater,
  start: judgedLater,
  monthDay: judgedLater,
  dst: judgedLater,
  end: judgedLater
})

interface Parts {
  step: CalendarStep
  timeOfDay: number
  zone: Zone
  dst: DstPolicy
  /** exclusive */
  endSecond: number
  json: CalendarIntervalJson
}

class CalendarIntervalTrigger implements LocalTrigger {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  next(afterMs: number): number | undefined {
    const second = Math.max(firstSecond, Math.floor(afterMs / 1000) + 1)
    const found = this.#walk(second).next()
    return found.done ? undefined : found.value * 1000
  }

  previous(beforeMs: number): number | undefined {
    const last = Math.min(Math.ceil(beforeMs / 1000), this.#parts.endSecond) - 1
    let index = indexAtOrAfter(this.#parts.step, Math.floor((last + widestOffset) / secondsPerDay) + 1) - 1
    let latest = -1
    for (; index >= 0 && this.#local(index) + widestOffset > latest; index -= 1) {
      for (const instant of this.#moment(index).instants) {
        if (instant <= last) latest = Math.max(latest, instant)
      }
    }
    return latest < firstSecond ? undefined : latest * 1000
  }

  count(afterMs: number, untilMs: number): number {
    let count = 0
    for (const instant of this.#walk(Math.max(firstSecond, Math.floor(afterMs / 1000) + 1))) {
      if (instant * 1000 > untilMs) break
      count += 1
    }
    return count
  }

  /** Explains the fire at an instant. */
  explain(fireAtMs: number): FireExplanation {
    const second = Math.floor(fireAtMs / 1000)
    const shown = localTime(this.#parts.zone.name, fireAtMs)
    let index = indexAtOrAfter(this.#parts.step, Math.floor((second - widestOffset) / secondsPerDay))
    for (; this.#local(index) - widestOffset <= second; index += 1) {
      const moment = this.#moment(index)
      if (moment.skipped && moment.instants.includes(second)) return { ...shown, transition: 'gap' }
    }
    return shown
  }

  get doubts(): readonly string[] {
    const doubt = zoneDoubt(this.#parts.json.timezone)
    return doubt === undefined ? [] : [doubt]
  }

  toJSON(): CalendarIntervalJson {
    return { ...this.#parts.json, dst: { ...this.#parts.json.dst } }
  }

  /** The fires at or after an instant, in order. Clocks never move by more than the day between two dates. */
  *#walk(second: number): Generator<number, undefined> {
    let last = second - 1
    let index = indexAtOrAfter(this.#parts.step, Math.floor((second - widestOffset) / secondsPerDay))
    for (; this.#local(index) - widestOffset < this.#parts.endSecond; index += 1) {
      for (const instant of this.#moment(index).instants) {
        if (instant <= last || instant >= this.#parts.endSecond) continue
        last = instant
        yield instant
      }
    }
    return undefined
  }

  #local(index: number): number {
    return dateAt(this.#parts.step, index).day * secondsPerDay + this.#parts.timeOfDay
  }

  #moment(index: number): LocalMoment {
    const { step, zone, dst, timeOfDay } = this.#parts
    const { day, skipped } = dateAt(step, index)
    return skipped ? { instants: [], skipped: false } : momentOf(zone, day * secondsPerDay + timeOfDay, dst)
  }
}

function wholes(options: CalendarIntervalOptions, unit: 'years' | 'months' | 'weeks' | 'days'): number {
  const value = options[unit] ?? 0
  if (!Number.isInteger(value) || value < 0 || value > 4_000_000)
    throw invalid(unit, value, 'a whole number from 0 to 4000000')
  return value
}

function invalid(name: string, got: unknown, takes: string): EscapementError {
  return new EscapementError('trigger-invalid', `calendarInterval: ${name} got ${describe(got)}; it takes ${takes}.`)
}
