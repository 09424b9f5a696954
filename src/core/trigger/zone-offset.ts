import { EscapementError } from '../errors.ts'

/** Seconds to add to UTC at an instant (epoch seconds) to get local time. */
export type OffsetAt = (second: number) => number

/**
 * Asks Intl, about 1 µs a call: only the tables of `zone.ts` are built with it. Throws `timezone-invalid` for a name that
 * this Node's time-zone data doesn't hold.
 */
export function offsetReader(timezone: string): OffsetAt {
  const format = formatFor(timezone)
  return second => {
    const text = format.format(second * 1000)
    return parseOffset(text.slice(text.indexOf('GMT') + 3))
  }
}

/** `+hh:mm`, or `+hh:mm:ss` for the odd seconds that a few zones had until 1972. */
export function formatOffset(offset: number): string {
  const size = Math.abs(offset)
  const two = (value: number) => String(value).padStart(2, '0')
  const seconds = size % 60 === 0 ? '' : `:${two(size % 60)}`
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${seconds}`
}

function formatFor(timezone: string): Intl.DateTimeFormat {
  try {
    if (typeof timezone !== 'string' || timezone === '') throw new RangeError('not a name')
    return new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset', year: 'numeric' })
  } catch (cause) {
    const message = `timezone got ${JSON.stringify(timezone)}; it takes an IANA name such as "Europe/Berlin" or "UTC".`
    throw new EscapementError('timezone-invalid', message, { cause })
  }
}

/** Of `-05:00`, `+05:45`, `-00:44:30`, or nothing at all for UTC. */
function parseOffset(text: string): number {
  if (text === '') return 0
  const [hours = '0', minutes = '0', seconds = '0'] = text.slice(1).split(':')
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return text.startsWith('-') ? -size : size
}
