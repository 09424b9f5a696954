import { EscapementError } from '../../errors.ts'
import { describe } from '../../options/names.ts'
import type { CronDialect } from '../trigger.ts'

/** A field of an expression: its text and its position. */
export interface CronField {
  spec: CronFieldSpec
  text: string
  /** Where the text begins in the expression, from 0. */
  column: number
  /** 1 for the first field. */
  position: number
  fieldCount: number
  expression: string
}

interface CronFieldSpec {
  name: string
  min: number
  max: number
  names: readonly string[]
  /** What the field takes beyond numbers, ranges, steps and lists. */
  extras: string
}

const cronFieldSpecs = {
  second: { name: 'second', min: 0, max: 59, names: [], extras: '' },
  minute: { name: 'minute', min: 0, max: 59, names: [], extras: '' },
  hour: { name: 'hour', min: 0, max: 23, names: [], extras: '' },
  dayOfMonth: { name: 'day-of-month', min: 1, max: 31, names: [], extras: ', "?", "L", "L-3", "15W" and "LW"' },
  month: {
    name: 'month',
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
    extras: ', jan to dec'
  },
  dayOfWeek: {
    name: 'day-of-week',
    min: 0,
    max: 7,
    names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
    extras: ' (0 and 7 are Sunday), sun to sat, "?", "fri#2" and "friL"'
  },
  quartzDayOfWeek: {
    name: 'day-of-week',
    min: 1,
    max: 7,
    names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
    extras: ' (1 is Sunday), sun to sat, "?", "fri#2" and "friL"'
  },
  year: { name: 'year', min: 1970, max: 9999, names: [], extras: '' }
} as const satisfies Record<string, CronFieldSpec>

export type CronFieldName = Exclude<keyof typeof cronFieldSpecs, 'quartzDayOfWeek'>

export const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *'
}

const fiveFields: CronFieldName[] = ['minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek']

/**
 * The fields of an expression: five (minute hour day-of-month month day-of-week), six (second first) or seven (second
 * first, year last), or a macro such as `@daily`.
 *
 * @throws EscapementError `cron-invalid`
 */
export function cronFields(
  expression: string,
  dialect: CronDialect = 'unix'
): Partial<Record<CronFieldName, CronField>> {
  if (typeof expression !== 'string')
    throw invalidExpression(expression, `it got ${expression === null ? 'null' : typeof expression}; it takes a text.`)
  const written = expression.trim()
  const macro = written.startsWith('@') ? macros[written.toLowerCase()] : undefined
  if (written.startsWith('@') && macro === undefined) {
    throw invalidExpression(expression, `it got an unknown macro; the macros are ${Object.keys(macros).join(', ')}.`)
  }
  const source = macro ?? expression
  // Macros use our own numbers for weekdays.
  const isQuartz = dialect === 'quartz' && macro === undefined
  const texts = [...source.matchAll(/\S+/g)]
  const names = fieldNames(texts.length)
  if (!names || (isQuartz && texts.length === 5)) {
    const five = isQuartz ? '' : '5 (minute hour day-of-month month day-of-week), '
    const takes = `it takes ${five}6 (second first) or 7 (second first, year last)`
    throw invalidExpression(
      expression,
      `it has ${texts.length} field${texts.length === 1 ? '' : 's'}; ${takes}, or a macro such as @daily.`
    )
  }
  const fields: Partial<Record<CronFieldName, CronField>> = {}
  for (const [index, name] of names.entries()) {
    const match = texts[index]
    const found = { column: match?.index ?? 0, position: index + 1, fieldCount: names.length, expression: source }
    const spec = cronFieldSpecs[isQuartz && name === 'dayOfWeek' ? 'quartzDayOfWeek' : name]
    fields[name] = { spec, text: (match?.[0] ?? '').toLowerCase(), ...found }
  }
  return fields
}

/** The error for a part of a field: says what it got, what it takes, and points at it. */
export function invalidPart(field: CronField, part: string, why = ''): EscapementError {
  const { spec, column, position, fieldCount, expression } = field
  const asItem = `,${field.text},`.indexOf(`,${part},`)
  const within = asItem >= 0 ? asItem : Math.max(0, field.text.indexOf(part))
  const got =
    expression.slice(column + within, column + within + part.length) ||
    expression.slice(column, column + field.text.length)
  const message = [
    `Cron expression "${expression}": the ${spec.name} field (${position} of ${fieldCount}) got "${got}"${why && `, ${why}`};`,
    ` it takes ${spec.min}-${spec.max}${spec.extras}, "*", ranges "a-b", steps "*/n", "a-b/n" and "a/n", and lists with commas.`,
    `\n  ${expression.replaceAll(/\s/g, ' ')}\n  ${' '.repeat(column + within)}${'^'.repeat(got.length)}`
  ]
  return new EscapementError('cron-invalid', message.join(''))
}

function invalidExpression(expression: unknown, why: string): EscapementError {
  return new EscapementError(
    'cron-invalid',
    `Cron expression ${typeof expression === 'string' ? JSON.stringify(expression) : describe(expression)}: ${why}`
  )
}

function fieldNames(count: number): CronFieldName[] | undefined {
  if (count === 5) return fiveFields
  if (count === 6) return ['second', ...fiveFields]
  if (count === 7) return ['second', ...fiveFields, 'year']
  return undefined
}
