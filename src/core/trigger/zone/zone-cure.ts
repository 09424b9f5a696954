import { distance } from 'fastest-levenshtein'
import { abbreviations, namesBesideIntl, otherNames } from './zone-names.ts'
import { isZoneName } from './zone-offset.ts'

const MAX_NAMED = 3
const offset = /^(?:(?:etc\/)?(utc|gmt)|z)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?$/i

/** What an unknown zone name most likely meant: a sentence for the error. */
export function zoneCure(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined
  const text = name.trim().replaceAll('\u2212', '-')
  if (/^(local|localtime|system|auto|default)$/i.test(text))
    return `Each host has its own; this one's is ${quoted([Intl.DateTimeFormat().resolvedOptions().timeZone])}.`
  const zones = meantZones(text)
  if (zones.length === 0) return undefined
  if (!offset.test(text)) return `${zones.length > 1 ? 'Write one of' : 'Write'} ${quoted(zones)}.`
  const signs = /gmt/i.test(text) ? ' In the names of "Etc/" the sign is reversed.' : ''
  return `Write ${quoted(zones)}, which has no summer time, or the zone of a place.${signs}`
}

/** The zones that a name may mean, likeliest first; the name itself if it is a zone. */
export function meantZones(name: string): readonly string[] {
  if (isZoneName(name)) return [name]
  const asOffset = offsetOf(name)
  if (asOffset !== undefined) return [asOffset]
  if (offset.test(name)) return []
  const upper = name.toUpperCase()
  if (Object.hasOwn(abbreviations, upper)) return abbreviations[upper]!
  const letters = lettersOf(name)
  if (Object.hasOwn(otherNames, letters)) return [otherNames[letters]!]
  return letters.length < 3 ? [] : nearZones(letters)
}

/** `UTC+8` is `+08:00`: 8 hours ahead of UTC, as everybody but POSIX writes it. */
function offsetOf(name: string): string | undefined {
  const parts = offset.exec(name)
  if (parts === null) return undefined
  const [, , sign = '', hours = '', minutes = '00'] = parts
  const zone = `${sign}${hours.padStart(2, '0')}:${minutes}`
  return isZoneName(zone) ? zone : undefined
}

function nearZones(letters: string): readonly string[] {
  const known = [...new Set([...Intl.supportedValuesOf('timeZone'), ...namesBesideIntl])]
  const ranked = known
    .filter(isZoneName)
    .map(zone => ({ zone, apart: apartFrom(letters, zone) }))
    .sort((a, b) => a.apart - b.apart)
  const least = ranked[0]?.apart ?? Infinity
  if (least > Math.max(1, Math.min(4, Math.floor(letters.length / 4)))) return []
  return ranked
    .filter(({ apart }) => apart === least)
    .slice(0, MAX_NAMED)
    .map(({ zone }) => zone)
}

/** The places where an abbreviation is used, even if it is also a zone; other names as in `meantZones`. */
export const placesOf = (name: string): readonly string[] =>
  Object.hasOwn(abbreviations, name.toUpperCase()) ? abbreviations[name.toUpperCase()]! : meantZones(name)

/** The distance to the whole name, or to its city alone. */
function apartFrom(letters: string, zone: string): number {
  const city = zone.slice(zone.lastIndexOf('/') + 1)
  return Math.min(distance(letters, lettersOf(zone)), distance(letters, lettersOf(city)))
}

const lettersOf = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')

const quoted = (names: readonly string[]): string => names.map(each => JSON.stringify(each)).join(', ')
