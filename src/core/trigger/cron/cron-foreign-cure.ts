import { meantDuration } from '../../options/meant-duration.ts'

type Takes = (expression: string) => boolean

/** What a text in another notation most likely meant: AWS EventBridge, RFC 5545, systemd, Jenkins, OpenBSD, English. */
export function foreignCure(text: string, takes: Takes): string | undefined {
  return (
    aws(text) ?? awsOrder(text, takes) ?? rrule(text) ?? systemd(text) ?? jenkins(text) ?? tilde(text) ?? english(text)
  )
}

function aws(text: string): string | undefined {
  const [, kind = '', inner = ''] = /^(cron|rate|at)\s*\((.*)\)$/i.exec(text) ?? []
  if (kind === '') return undefined
  const within = inner.trim().replaceAll(/^["']|["']$/g, '')
  if (/^rate$/i.test(kind)) {
    const meant = meantDuration(within)
    return meant === undefined ? 'For an interval write every("5m").' : `Write every(${meant}).`
  }
  if (/^at$/i.test(kind)) return `Write at("${within}Z"), with Z or an offset.`
  return inAwsOrder(within.split(/\s+/)) ?? `Write cron(${JSON.stringify(within)}), without "cron(…)" in the text.`
}

/** In AWS the year is last, there are no seconds, and one day field is always "?". */
function awsOrder(text: string, takes: Takes): string | undefined {
  const fields = text.split(/\s+/)
  return fields.length === 6 && !takes(text) ? inAwsOrder(fields) : undefined
}

function inAwsOrder(fields: readonly string[]): string | undefined {
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields
  const isAws = fields.length === 6 && (dayOfMonth === '?') !== (dayOfWeek === '?') && /^(\*|\d{4}.*)$/.test(year ?? '')
  if (!isAws) return undefined
  const five = [minute, hour, dayOfMonth, month, dayOfWeek].join(' ')
  const numbers = /\d/.test((dayOfWeek ?? '').replaceAll(/#\d|\/\d+/g, ''))
  const quartz = numbers ? `, { dialect: "quartz" }` : ''
  const expression = year === '*' && !numbers ? five : `0 ${five}${year === '*' ? '' : ` ${year}`}`
  const why = numbers ? ', which counts the days of the week from 1 for Sunday as AWS does' : ''
  return `AWS has no seconds and the year last. Write cron(${JSON.stringify(expression)}${quartz})${why}; the zone is an option, by default UTC.`
}

function rrule(text: string): string | undefined {
  const frequency = /\bFREQ=(\w+)/i.exec(text)?.[1]?.toUpperCase()
  if (frequency === undefined) return undefined
  const interval = Number(/\bINTERVAL=(\d+)/i.exec(text)?.[1] ?? 1)
  const unit = { SECONDLY: 's', MINUTELY: 'm', HOURLY: 'h' }[frequency]
  if (unit !== undefined) return `A recurrence rule is written every("${interval}${unit}") here.`
  const part = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months', YEARLY: 'years' }[frequency] ?? 'days'
  return `A recurrence rule is written calendarInterval({ ${part}: ${interval}, time: "09:00", start: "2026-01-01" }) here, or as a cron expression.`
}

/** `Mon..Fri *-*-* 09:00:00` of systemd's OnCalendar. */
function systemd(text: string): string | undefined {
  const parts =
    /^(?:([a-z][a-z.,]*)\s+)?(?:([*\d.,/]+-)?([*\d.,/]+)-([*\d.,/~]+)\s+)?(\d{1,2}):(\d\d)(?::\d\d)?(?:\s+(\S+))?$/i.exec(
      text
    )
  if (parts === null)
    return text.startsWith('*-*-*')
      ? 'systemd\'s calendar is written as a cron expression here, such as cron("0 9 * * *").'
      : undefined
  const [, weekdays = '*', , month = '*', day = '*', hour, minute, zone] = parts
  const days = weekdays
    .toLowerCase()
    .replaceAll('..', '-')
    .replaceAll(/([a-z]{3})[a-z]*/g, '$1')
  const expression = `${Number(minute)} ${Number(hour)} ${day.replaceAll('..', '-')} ${month.replaceAll('..', '-')} ${days}`
  const option = zone === undefined ? '' : `, { timezone: ${JSON.stringify(zone)} }`
  return `Write cron(${JSON.stringify(expression.replaceAll(/\b0(?=\d)/g, ''))}${option}): minute, hour, day of month, month, day of week.`
}

/** Jenkins' `H`, a value by the hash of the job. */
function jenkins(text: string): string | undefined {
  const fields = text.split(/\s+/)
  const hashed = /^h(\((\d+)-\d+\))?(\/(\d+))?$/i
  if (!fields.some(field => hashed.test(field)) || fields.length > 7) return undefined
  const every = hashed.exec(fields[0] ?? '')?.[4]
  const isEvery = every !== undefined && fields.slice(1).every(field => field === '*')
  const plain = fields.map(field =>
    field.replace(hashed, (_all, _range, from: string | undefined, step: string | undefined) =>
      step === undefined ? (from ?? '0') : `*${step}`
    )
  )
  const window = fields.slice(0, 2).every(field => hashed.test(field)) ? '1d' : '1h'
  const instead = isEvery
    ? `every("${every}m") with the option spread: "${every}m"`
    : `cron(${JSON.stringify(firstDays(plain).join(' '))}) with the option spread: "${window}"`
  return `Jenkins' H is the option "spread" of schedule() here, a fixed shift for each schedule: write ${instead}.`
}

/** Days and months begin with 1. */
const firstDays = (fields: readonly string[]): string[] =>
  fields.map((field, index) => (field === '0' && (index === 2 || index === 3) ? '1' : field))

/** `0~59` of OpenBSD and cronie, a random value. */
function tilde(text: string): string | undefined {
  const fields = text.split(/\s+/)
  if (!fields.some(field => field.includes('~')) || fields.length > 7) return undefined
  const plain = firstDays(
    fields.map(field => (/^\d*~\d*(\/\d+)?$/.test(field) ? (/^\d+/.exec(field)?.[0] ?? '0') : field))
  )
  const [, from = '0', to = '59'] = /^(\d*)~(\d*)/.exec(fields[0] ?? '') ?? []
  const minutes = Number(to || 59) - Number(from || 0) + 1
  const window = fields[0]?.includes('~') ? `${minutes}m` : '1d'
  return `"~" is the option "spread" of schedule() here, a fixed shift for each schedule: write cron(${JSON.stringify(plain.join(' '))}) with the option spread: "${window}".`
}

function english(text: string): string | undefined {
  const time = /^(?:every ?day|daily|each day)?\s*(?:at\s+)?(\d{1,2}):(\d\d)$/i.exec(text)
  if (time === null) return undefined
  return `Write cron("${Number(time[2])} ${Number(time[1])} * * *") for every day at ${time[1]}:${time[2]}.`
}
