import { CronCalendar, noDay } from './cron-calendar.ts'
import { impossible, monthDaysOf, weekDaysOf } from './cron-days.ts'
import { cronFields, type CronField } from './cron-syntax.ts'
import { itemValues } from './cron-values.ts'
import { TimesOfDay } from '../time-of-day.ts'
import type { CronDialect, DayRule } from '../trigger.ts'

/** An expression, parsed once. */
export interface CronRule {
  calendar: CronCalendar
  times: TimesOfDay
  /** The minute or the hour field begins with `*`: the entry follows real time, as in Debian's cron. */
  wildcardTime: boolean
}

/**
 * Parses an expression. If day-of-month and day-of-week are both restricted, `days` decides: `or` is POSIX's rule. A
 * field is restricted unless it begins with `*` or is `?`, as in Vixie cron: so "every second day" with a weekday means
 * both.
 *
 * @throws EscapementError `cron-invalid`; `cron-impossible` if no day from 1970 to 9999 matches
 */
export function parseCron(expression: string, days: DayRule, dialect: CronDialect = 'unix'): CronRule {
  const fields = cronFields(expression, dialect)
  const { minute, hour, dayOfMonth, month, dayOfWeek } = fields
  const years = fields.year && fields.year.text !== '*' ? valuesOf(fields.year) : undefined
  const restricted = [dayOfMonth, dayOfWeek].every(field => field !== undefined && !/^[*?]/.test(field.text))
  const calendar = new CronCalendar({
    monthDays: monthDaysOf(need(dayOfMonth)),
    weekDays: weekDaysOf(need(dayOfWeek)),
    eitherDay: days === 'or' && restricted,
    months: valuesOf(need(month)).reduce((bits, each) => bits | (1 << (each - 1)), 0),
    years
  })
  const seconds = fields.second ? valuesOf(fields.second) : [0]
  const times = new TimesOfDay(valuesOf(need(hour)), valuesOf(need(minute)), seconds)
  if (calendar.atOrAfter(0) === noDay)
    throw impossible(expression, 'its day, month and year fields have no day in common.')
  return { calendar, times, wildcardTime: [minute, hour].some(field => need(field).text.startsWith('*')) }
}

function valuesOf(field: CronField): number[] {
  const values = field.text.split(',').flatMap(item => itemValues(field, item))
  return [...new Set(values)].sort((a, b) => a - b)
}

function need(field: CronField | undefined): CronField {
  if (!field) throw new RangeError('a cron expression has a minute, hour, day-of-month, month and day-of-week field')
  return field
}
