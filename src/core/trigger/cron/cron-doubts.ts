import { type CronField, type CronFieldName, cronFields } from './cron-syntax.ts'
import { zoneDoubt } from '../zone/zone-doubt.ts'

type Fields = Partial<Record<CronFieldName, CronField>>

/** Sentences about parts of a valid expression that probably mean something else, as other libraries read them. */
export function cronDoubts(expression: string, timezone: string | undefined): readonly string[] {
  const fields = cronFields(expression)
  const doubts = [secondsDoubt(expression, fields), quartzDoubt(expression, fields), zoneDoubt(timezone)]
  return doubts.filter(each => each !== undefined)
}

/** Six fields, of which the first looks like minutes. */
function secondsDoubt(expression: string, { second, year }: Fields): string | undefined {
  const step = /^(?:\*|0)\/(\d+)$/.exec(second?.text ?? '')?.[1]
  if (second === undefined || year !== undefined || (step === undefined && second.text !== '*')) return undefined
  const five = expression.trim().split(/\s+/).slice(0, 5).join(' ')
  const seconds = step === undefined ? 1 : Number(step)
  return `The first of the six fields of "${expression.trim()}" is seconds: it fires every ${seconds === 1 ? 'second' : `${seconds} seconds`}. Write "${five}" for minutes; dialect: "unix" says that it is meant so.`
}

/** Numbers for weekdays, with a "?", which only Quartz and its like need. */
function quartzDoubt(expression: string, { dayOfMonth, dayOfWeek }: Fields): string | undefined {
  const week = dayOfWeek?.text ?? ''
  if (dayOfMonth?.text !== '?' || !/(^|[,-])[1-7]([,#/L-]|$)/i.test(week)) return undefined
  return `In "${expression.trim()}" the days of the week are "${week}", and here 1 is Monday (0 and 7 are Sunday). In Quartz's numbers 1 is Sunday: dialect: "quartz" reads them so, dialect: "unix" says that they are meant as they stand, and names such as mon-fri are the same in both.`
}
