import { weekdayAndMonthNames } from './cron-word-cure.ts'

type Takes = (expression: string) => boolean

interface FieldForm {
  readonly size: number
  readonly instead: (count: number) => string
}

const every =
  (unit: string) =>
  (count: number): string =>
    `every("${count}${unit}")`
const calendar =
  (part: string) =>
  (count: number): string =>
    `calendarInterval({ ${part}: ${count}, time: "00:00", start: "2026-01-01" })`

const forms: readonly FieldForm[] = [
  { size: 60, instead: every('s') },
  { size: 60, instead: every('m') },
  { size: 24, instead: every('h') },
  { size: 31, instead: calendar('days') },
  { size: 12, instead: calendar('months') },
  { size: 7, instead: calendar('days') },
  { size: 8_030, instead: calendar('years') }
]

/** What an invalid field most likely meant, in an expression of 5 to 7 fields. */
export function fieldCure(text: string, takes: Takes): string | undefined {
  const fields = text.split(/\s+/)
  const [hour, minute] = /^(\d{1,2}):(\d\d)$/.exec(fields[0] ?? '')?.slice(1) ?? []
  if (hour !== undefined)
    return `Write cron(${JSON.stringify([Number(minute), Number(hour), ...fields.slice(1)].join(' '))}): the minute first, then the hour.`
  if (fields.length < 5 || fields.length > 7) return undefined
  const first = fields.length === 5 ? 1 : 0
  for (const [index, field] of fields.entries()) {
    const cure = cureOfField(field, first + index)
    if (cure !== undefined) return cure
  }
  return rewritten(fields, first, takes)
}

function cureOfField(field: string, fieldIndex: number): string | undefined {
  const { size, instead } = forms[fieldIndex]!
  for (const item of field.split(',')) {
    const step = /^[^/]*\/(\d+)$/.exec(item)?.[1]
    if (step !== undefined && Number(step) > size)
      return `A step goes no further than its field: for every ${Number(step)} ${units[fieldIndex]} write ${instead(Number(step))}.`
    if (step !== undefined && Number(step) === 0) return 'A step is at least 1.'
    if (/^(l-?\d+w|\d+lw|wl)$/i.test(item))
      return 'A weekday near a day counted from the last one is not taken: "LW" is the last weekday, "L-3" the third day before the last.'
  }
  if (fieldIndex === 5 && field === '8') return 'Sunday is 0 or 7.'
  if (fieldIndex === 2 && field === '24') return 'Midnight is hour 0.'
  if (fieldIndex < 2 && field === '60') return `A ${units[fieldIndex]!.slice(0, -1)} goes from 0 to 59.`
  return undefined
}

const units = ['seconds', 'minutes', 'hours', 'days', 'months', 'days', 'years']

/** Names of days and months as others write them, ranges with two dots, and `?` where only a star is allowed. */
function rewritten(fields: readonly string[], first: number, takes: Takes): string | undefined {
  const fixed = fields.map((field, index) => {
    const fieldIndex = first + index
    const named = fieldIndex === 4 || fieldIndex === 5 ? weekdayAndMonthNames(field, fieldIndex === 5) : field
    const ranged = named.replaceAll('..', '-').replace(/[,;]+$/, '')
    return fieldIndex < 3 && ranged === '?' ? '*' : ranged
  })
  const expression = fixed.join(' ')
  if (expression === fields.join(' ') || !takes(expression)) return undefined
  return `Write cron(${JSON.stringify(expression)}).`
}
