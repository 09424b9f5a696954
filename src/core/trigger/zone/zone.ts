import { EscapementError } from '../../errors.ts'
import { describe } from '../../options/names.ts'
import {
  firstDayOfMonth,
  formatDay,
  formatTime,
  monthOf,
  monthOfDay,
  secondsPerDay,
  weekdayOf,
  yearOfMonth
} from './civil.ts'
import { segmentsOf, shifted, type Segment } from './segment.ts'
import type { FireExplanation } from '../trigger.ts'
import { zoneCure } from './zone-cure.ts'
import { formatOffset, isZoneName, offsetReader, type OffsetAt } from './zone-offset.ts'

/** The first and (exclusive) last second that a zone covers: the years 1970 to 9999. */
export const firstSecond = 0
export const endSecond = 253_402_300_800
/** No local time is further from UTC than this. */
export const widestOffset = secondsPerDay

const firstYear = 1970
/**
 * The last year that Intl is asked about. By then each zone follows its final rules (the last tables of dates, those of
 * Morocco and Palestine, end in 2087), which depend on the calendar only. So a later year takes the changes of the year
 * in 2101..2128 that begins on the same weekday and has the same length. These 28 years have all 14 kinds.
 */
const lastReadYear = 2128
const firstModelYear = 2101

/** A time zone's offsets. They are read from Intl on first use, one year at a time, and cached. */
export class Zone {
  readonly name: string
  readonly #offsetAt: OffsetAt
  readonly #years: (Segment[] | undefined)[] = []

  constructor(name: string) {
    this.name = name
    this.#offsetAt = offsetReader(name)
  }

  /** The segment of an instant (epoch seconds in [firstSecond, endSecond)). */
  segmentAt(second: number): Segment {
    const year = yearOfMonth(monthOfDay(Math.floor(second / secondsPerDay)))
    if (year <= lastReadYear) return pick(this.#yearSegments(year), second)
    const model = modelYear(year)
    const later = yearStart(year) - yearStart(model)
    return shifted(pick(this.#yearSegments(model), second - later), later)
  }

  #yearSegments(year: number): Segment[] {
    const known = this.#years[year - firstYear]
    if (known) return known
    const read = segmentsOf(this.#offsetAt, yearStart(year), yearStart(year + 1))
    this.#years[year - firstYear] = read
    return read
  }
}

const zones = new Map<string, Zone>()

/**
 * The zone of an IANA name, shared by all triggers.
 *
 * @throws EscapementError `timezone-invalid`
 */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name)
  if (!zone) {
    if (!isZoneName(name)) throw unknownZone(name)
    zone = new Zone(name)
    zones.set(name, zone)
  }
  return zone
}

function unknownZone(name: unknown): EscapementError {
  const cure = zoneCure(name)
  const sentence = `timezone got ${describe(name)}; it takes an IANA name such as "Europe/Berlin" or "UTC".`
  return new EscapementError('timezone-invalid', cure === undefined ? sentence : `${sentence} ${cure}`)
}

/**
 * The local time in a zone at an instant (epoch milliseconds, 1970 to 9999), and whether it occurs twice. It never says
 * `gap`: only a trigger knows whether a fire stands for a skipped local time.
 *
 * @throws EscapementError `timezone-invalid`
 */
export function localTime(zoneName: string, ms: number): FireExplanation {
  const second = Math.floor(ms / 1000)
  const segment = zoneOf(zoneName).segmentAt(second)
  const local = second + segment.offset
  const day = Math.floor(local / secondsPerDay)
  return {
    local: `${formatDay(day)}T${formatTime(local - day * secondsPerDay)}`,
    offset: formatOffset(segment.offset),
    transition: second < segment.freshFrom || second >= segment.onceUntil ? 'overlap' : null
  }
}

function pick(segments: Segment[], second: number): Segment {
  let index = segments.length - 1
  while (index > 0 && (segments[index]?.from ?? 0) > second) index -= 1
  const found = segments[index]
  if (!found) throw new RangeError(`no offset is known at epoch second ${second}`)
  return found
}

function yearStart(year: number): number {
  return firstDayOfMonth(monthOf(year, 1)) * secondsPerDay
}

const modelYears = new Map<number, number>()
for (let year = firstModelYear; year <= lastReadYear; year += 1) modelYears.set(kindOfYear(year), year)

function modelYear(year: number): number {
  return modelYears.get(kindOfYear(year)) ?? firstModelYear
}

/** The kind of a year: the weekday of its first day, and whether it has a leap day. */
function kindOfYear(year: number): number {
  const first = yearStart(year) / secondsPerDay
  return weekdayOf(first) * 1000 + (yearStart(year + 1) / secondsPerDay - first)
}

/** The zone in a trigger's JSON. It is left out if none was named, so that a schedule's default zone applies. */
export function namedZone({ timezone }: { timezone?: string | undefined }): { timezone?: string } {
  return timezone === undefined ? {} : { timezone }
}
