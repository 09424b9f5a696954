import { isEscapementError } from '../../errors.ts'
import { wholeMilliseconds } from '../../options/duration-text.ts'
import { isDate } from '../../options/names.ts'
import { meantDuration } from '../../options/meant-duration.ts'
import { nearestName } from '../../options/nearest.ts'
import { parseCron } from './cron-expression.ts'
import { fieldCure } from './cron-field-cure.ts'
import { foreignCure } from './cron-foreign-cure.ts'
import { macros } from './cron-syntax.ts'
import type { CronDialect } from '../trigger.ts'
import { meantZones, placesOf } from '../zone/zone-cure.ts'

/** What an invalid cron expression most likely meant: a sentence for the error. Likelier meanings are tried first. */
export function cronCure(given: unknown, dialect: CronDialect = 'unix'): string | undefined {
  if (typeof given === 'number' && wholeMilliseconds(given) !== undefined)
    return `Write every(${given}) for an interval in milliseconds.`
  if (isDate(given)) return 'Write at(…) for an instant.'
  if (Array.isArray(given)) return 'Write anyOf(cron(…), cron(…)) for several expressions.'
  if (typeof given !== 'string') return undefined
  const text = given.trim()
  const takes = (expression: string): boolean => isExpression(expression, dialect)
  for (const cure of cures) {
    const found = cure(text, takes)
    if (found !== undefined) return found
  }
  return undefined
}

type Cure = (text: string, takes: (expression: string) => boolean) => string | undefined

const cures: readonly Cure[] = [
  text => (text === '' ? 'It is empty.' : undefined),
  quotes,
  characters,
  assignment,
  macro,
  foreignCure,
  interval,
  instant,
  several,
  blanksInLists,
  behind,
  fieldCure
]

export function isExpression(text: string, dialect: CronDialect = 'unix'): boolean {
  try {
    parseCron(text, 'or', dialect)
    return true
  } catch (error) {
    if (isEscapementError(error)) return error.code === 'cron-impossible'
    throw error
  }
}

const written = (expression: string): string => `Write cron(${JSON.stringify(expression)})`

function quotes(text: string): string | undefined {
  const bare = text.replace(/^["'`\u2018\u201c]+/, '').replace(/["'`\u2019\u201d]+$/, '')
  return bare === text ? undefined : `${written(bare.trim())}, without the quotes in it.`
}

/** Dashes, stars and digits from a word processor, invisible characters, and backslashes for a shell. */
function characters(text: string, takes: (expression: string) => boolean): string | undefined {
  const bad = /[^\x20-\x7e\s]/u.exec(text)?.[0] ?? (text.includes('\\') ? '\\' : undefined)
  if (bad === undefined) return undefined
  const plain = text
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\\]/gu, '')
    .replaceAll(/\p{Pd}|\u2212/gu, '-')
    .replaceAll(/[\u2217\u204e\u2731\u2022]/g, '*')
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (!takes(plain)) return undefined
  const code = bad.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return `${written(plain)}: the character ${/\p{Cf}/u.test(bad) ? 'that is not seen, ' : `"${bad}", `}U+${code}, is not allowed in it.`
}

/** `CRON_TZ=Europe/Paris 0 9 * * *`, and other lines of a crontab that set a variable. */
function assignment(text: string): string | undefined {
  const parts = /^(?!FREQ|RRULE|DTSTART|INTERVAL)(\w+)\s*=\s*(\S+)\s*(.*)$/s.exec(text)
  if (parts === null) return undefined
  const [, name = '', value = '', rest = ''] = parts
  if (!/^(cron_)?(tz|timezone)$/i.test(name)) return `A variable such as ${name} is no part of an expression.`
  return withZone(rest === '' ? '0 9 * * *' : rest, value.replaceAll(/["']/g, ''))
}

function withZone(expression: string, zone: string): string {
  const [meant] = placesOf(zone)
  return `${written(expression)} with its zone as an option: { timezone: ${JSON.stringify(meant ?? zone)} }.`
}

const noMacros: Readonly<Record<string, string>> = {
  '@reboot': 'For a run at start use the option runAtStart of schedule().',
  '@startup': 'For a run at start use the option runAtStart of schedule().',
  '@start': 'For a run at start use the option runAtStart of schedule().',
  '@boot': 'For a run at start use the option runAtStart of schedule().',
  '@once': 'For one fire time write at("2026-03-08T09:00:00Z"), with its instant.',
  '@at': 'For one fire time write at("2026-03-08T09:00:00Z"), with its instant.',
  '@never': 'For a schedule that does not fire pause it: schedules.pause(id).',
  '@minutely': 'Write cron("* * * * *").',
  '@every_minute': 'Write cron("* * * * *").',
  '@secondly': 'Write every("1s").',
  '@every_second': 'Write every("1s").',
  '@quarterly': 'Write cron("0 0 1 1,4,7,10 *").',
  '@semiannually': 'Write cron("0 0 1 1,7 *").',
  '@weekdays': 'Write cron("0 0 * * mon-fri").',
  '@workdays': 'Write cron("0 0 * * mon-fri").',
  '@businessdays': 'Write cron("0 0 * * mon-fri").',
  '@weekends': 'Write cron("0 0 * * sat,sun").'
}

function macro(text: string): string | undefined {
  const [word = '', ...rest] = text.split(/\s+/)
  const name = word.toLowerCase()
  const left = rest.join(' ')
  if (Object.hasOwn(macros, `@${name}`)) return `${written(`@${name}`)}.`
  if (!name.startsWith('@')) return undefined
  if (name === '@every') return everyOf(left) ?? 'For an interval write every("5m").'
  if (Object.hasOwn(noMacros, name)) return noMacros[name]
  if (Object.hasOwn(macros, name)) return left === '' ? undefined : leftOver(name, rest)
  const nearest = nearestName(name, Object.keys(macros))
  return everyOf(name.slice(1)) ?? (nearest === undefined ? undefined : `Did you mean "${nearest}"?`)
}

/** A text that is an interval: `5m`, `every 5 minutes`, `PT5M`, `300`. */
function interval(text: string): string | undefined {
  return /^[\w.:/]+$|^every\b|^\d+\s*[a-z]+/i.test(text) ? everyOf(text) : undefined
}

function everyOf(text: string): string | undefined {
  if (wholeMilliseconds(text) !== undefined) return `Write every(${JSON.stringify(text)}).`
  const single = /^(?:every|each)\s+(second|minute|hour|day|week)$/i.exec(text)?.[1]
  const meant = meantDuration(single === undefined ? text.replace(/^(every\s+|R\d*\/)/i, '') : `1 ${single}`)
  if (meant === undefined) return undefined
  const bare = /^(\d+) for milli/.exec(meant)?.[1]
  if (bare !== undefined)
    return `For an interval write every(${bare}) in milliseconds, or every("${bare}s") in seconds.`
  return meant.startsWith('"') ? `Write every(${meant}).` : `For an interval write every(…) with ${meant}.`
}

function instant(text: string): string | undefined {
  return /^\d{4}-\d\d-\d\d([T ]|$)/.test(text)
    ? 'Write at(…) with an instant such as "2026-03-08T09:00:00Z".'
    : undefined
}

/** Two expressions in one text. */
function several(text: string, takes: (expression: string) => boolean): string | undefined {
  const parts = text.split(/\s*(?:\n|;|\|+|&+)\s*/).filter(part => part !== '')
  if (parts.length < 2 || !parts.every(takes)) return undefined
  return `Write anyOf(${parts.map(part => `cron(${JSON.stringify(part)})`).join(', ')}).`
}

/** `1, 15 * * * *`: a blank ends a field. */
function blanksInLists(text: string, takes: (expression: string) => boolean): string | undefined {
  const joined = text.replaceAll(/\s*,\s*/g, ',').replaceAll(/(\w)\s+-\s+(\w)/g, '$1-$2')
  const fixed = joined === text ? text.replaceAll(/;|&|\|/g, ',') : joined
  return fixed !== text && takes(fixed) ? `${written(fixed)}: a blank ends a field, and commas make a list.` : undefined
}

/** A zone, a comment, or a user and a command as in /etc/crontab, after a valid expression. */
function behind(text: string, takes: (expression: string) => boolean): string | undefined {
  const words = text.replace(/(\S)#(?!\d)/, '$1 #').split(/\s+/)
  for (const count of [7, 6, 5]) {
    const expression = words.slice(0, count).join(' ')
    if (words.length > count && takes(expression)) return leftOver(expression, words.slice(count))
  }
  return undefined
}

function leftOver(expression: string, rest: readonly string[]): string {
  const [first = ''] = rest
  if (first.startsWith('#') || first.startsWith('//')) return `${written(expression)}: a comment is no part of it.`
  if (rest.length === 1 && /^(\*|\d{4}([-,/]\d+)*)$/.test(first)) {
    const seven = first === '*' ? expression : `0 ${expression} ${first}`
    return `${written(seven)}: six fields begin with seconds, and a year is the last of seven.`
  }
  if (rest.every(field => /^[\d*?,/LW#-]+$/.test(field)))
    return 'Seven fields are the most: seconds first, the year last.'
  if (rest.length === 1 && meantZones(first).length > 0) return withZone(expression, first)
  if (/^([+-]\d|[A-Z]\w+\/[A-Z]\w+$)/i.test(first) && rest.length === 1) return withZone(expression, first)
  return `${written(expression)}: what is behind it, a command or a user as in a crontab, is no part of it; what runs is the task of schedule().`
}
