import { invalidPart, type CronField } from './cron-syntax.ts'

// One item of a comma-separated list: "*", "a" or "a-b", each optionally followed by "/n"; "a/n" runs from a to the end
// of the field. A range may wrap past the end of its field (fri-mon, 22-2), except for years.

/**
 * The values of one item of a field's list.
 *
 * @throws EscapementError `cron-invalid`
 */
export function itemValues(field: CronField, item: string): number[] {
  const [range = '', stepText, ...rest] = item.split('/')
  if (rest.length > 0) throw invalidPart(field, item, 'which has more than one step')
  const { first, last } = endsOf(field, { item, range, stepped: stepText !== undefined })
  const { min, max } = cycleOf(field)
  const size = max - min + 1
  const step = stepText === undefined ? 1 : stepOf(field, stepText, size)
  const length = (last >= first ? last - first : last - first + size) + 1
  const values: number[] = []
  for (let count = 0; count < length; count += step) values.push(min + ((first - min + count) % size))
  return values
}

/**
 * A number or a name of the field. The error shows `item`.
 *
 * @throws EscapementError `cron-invalid`
 */
export function valueOf(field: CronField, text: string, item: string): number {
  const { spec } = field
  const named = spec.names.indexOf(text)
  if (named >= 0) return spec.min + named
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= spec.min && value <= spec.max)) throw invalidPart(field, item)
  return value
}

interface Item {
  item: string
  range: string
  stepped: boolean
}

function endsOf(field: CronField, { item, range, stepped }: Item): { first: number; last: number } {
  const { min, max } = cycleOf(field)
  if (range === '*') return { first: min, last: max }
  const [firstText = '', lastText, ...rest] = range.split('-')
  if (rest.length > 0) throw invalidPart(field, item)
  const first = valueOf(field, firstText, item)
  if (lastText === undefined) return { first, last: stepped ? Math.max(first, max) : first }
  const last = valueOf(field, lastText, item)
  if (last < first && field.spec.name === 'year') throw invalidPart(field, item, 'which ends before it begins')
  return { first, last }
}

/** The values of the field before a range wraps: weekday 7 is weekday 0. */
function cycleOf(field: CronField): { min: number; max: number } {
  return isFromZero(field) ? { min: 0, max: 6 } : field.spec
}

/** Whether weekdays are counted from 0, so that 7 is 0 again. */
export const isFromZero = ({ spec }: CronField): boolean => spec.name === 'day-of-week' && spec.min === 0

function stepOf(field: CronField, text: string, size: number): number {
  const step = /^\d+$/.test(text) ? Number(text) : 0
  if (step < 1 || step > size) throw invalidPart(field, `/${text}`, `a step outside 1-${size}`)
  return step
}
