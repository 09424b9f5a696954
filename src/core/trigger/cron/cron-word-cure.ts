import { firstDayOfMonth, monthOf, secondsPerDay } from '../zone/civil.ts'

/** The languages whose names of days and months are recognized, English first. */
const languages = [
  'en',
  'de',
  'fr',
  'es',
  'pt',
  'it',
  'nl',
  'pl',
  'cs',
  'sv',
  'da',
  'nb',
  'fi',
  'tr',
  'ro',
  'hu',
  'ru',
  'uk'
]
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const shortest = 2

/** Replaces every full or foreign name of a day or a month in a field by our short name. */
export function weekdayAndMonthNames(field: string, areDays: boolean): string {
  return field.replaceAll(/[\p{L}.]{2,}/gu, word => nameFor(word.toLowerCase(), areDays) ?? word)
}

function nameFor(word: string, areDays: boolean): string | undefined {
  const names = areDays ? days : months
  const letters = plain(word)
  if (names.includes(letters) || letters.length < shortest) return undefined
  for (const language of languages) {
    const index = names.findIndex((_, each) => plain(nameIn(language, areDays, each)).startsWith(letters))
    if (index >= 0) return names[index]
  }
  return undefined
}

function nameIn(language: string, isDay: boolean, index: number): string {
  const options = isDay ? ({ weekday: 'long' } as const) : ({ month: 'long' } as const)
  // 1 February 2026 is a Sunday.
  const day = isDay ? firstDayOfMonth(monthOf(2026, 2)) + index : firstDayOfMonth(monthOf(2026, index + 1))
  return new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(day * secondsPerDay * 1000)
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^\p{L}]/gu, '')
