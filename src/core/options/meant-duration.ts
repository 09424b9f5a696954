import { wholeMilliseconds } from './duration-text.ts'

/** For each unit, how people and other libraries write it. */
const units: Readonly<Record<string, readonly string[]>> = {
  w: ['w', 'wk', 'wks', 'week', 'weeks'],
  d: ['d', 'day', 'days'],
  h: ['h', 'hr', 'hrs', 'hour', 'hours'],
  m: ['m', 'min', 'mins', 'minute', 'minutes'],
  s: ['s', 'sec', 'secs', 'second', 'seconds'],
  ms: ['ms', 'msec', 'msecs', 'milli', 'millis', 'millisecond', 'milliseconds']
}
const unitOf = new Map(Object.entries(units).flatMap(([unit, words]) => words.map(word => [word, unit] as const)))
const order = Object.keys(units)
const calendarUnit = /^(y|yr|yrs|years?|mo|mon|months?)$/

const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i
const isoWithCalendar = /^P(?=\d)(\d+Y)?(\d+M)?/i
const clock = /^(\d+):([0-5]\d):([0-5]\d)$/
const amountAndUnit = /(\d+(?:\.\d+)?)\s*([a-z]+)/g
const filler = /\b(every|in|and|a|an|of)\b|[,_]/g

/** The duration that a text most likely meant, in our notation and in quotes; or what to use instead. */
export function meantDuration(value: unknown): string | undefined {
  if (typeof value === 'bigint') return value >= 0n ? String(value) : undefined
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (/^\d+$/.test(text)) return `${Number(text)} for milliseconds, or "${Number(text)}s" for seconds`
  const found = fromIso(text) ?? fromClock(text) ?? fromWords(text.toLowerCase())
  if (found === undefined) return undefined
  return found === calendar
    ? 'days, such as "30d", or use calendarInterval({ months: … }) for fire times: months and years differ in length'
    : `"${found}"`
}

const calendar = 'calendar'

function fromIso(text: string): string | undefined {
  const parts = iso.exec(text)
  if (parts === null) return isoWithCalendar.exec(text)?.slice(1).some(Boolean) ? calendar : undefined
  return written(parts.slice(1).map((amount, index) => [Number(amount ?? 0), order[index]!]))
}

function fromClock(text: string): string | undefined {
  const parts = clock.exec(text)
  return parts === null
    ? undefined
    : written(parts.slice(1).map((amount, index) => [Number(amount), order[index + 2]!]))
}

/** `5 minutes`, `1 hour and 30 min`, `30m 1h`, `5M`. */
function fromWords(text: string): string | undefined {
  const rest = text.replaceAll(amountAndUnit, ' ').replaceAll(filler, ' ').trim()
  const amounts = [...text.matchAll(amountAndUnit)].map(([, amount, unit = '']) => [Number(amount), unit] as const)
  if (rest !== '' || amounts.length === 0) return undefined
  if (amounts.some(([, unit]) => calendarUnit.test(unit))) return calendar
  const sums = new Map<string, number>()
  for (const [amount, word] of amounts) {
    const unit = unitOf.get(word)
    if (unit === undefined) return undefined
    sums.set(unit, (sums.get(unit) ?? 0) + amount)
  }
  return written(order.map(unit => [sums.get(unit) ?? 0, unit]))
}

function written(amounts: readonly (readonly [number, string])[]): string | undefined {
  const text = amounts.map(([amount, unit]) => (amount === 0 ? '' : `${amount}${unit}`)).join('') || '0s'
  return wholeMilliseconds(text) === undefined ? undefined : text
}
