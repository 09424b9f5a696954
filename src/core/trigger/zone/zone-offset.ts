/** Seconds to add to UTC at an instant (epoch seconds) to get local time. */
export type OffsetAt = (second: number) => number

/**
 * Asks Intl, about 1 µs a call, so it only builds the tables of `zone.ts`. Takes names that pass {@link isZoneName}.
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

/** Names that ICU keeps from early Java. They are not IANA's, and often mean something else (its BST is Dhaka's). */
const icuAlone = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(' ')
)

/** Whether it is a zone in this Node's time-zone data, or an offset such as `+08:00`. */
export function isZoneName(name: unknown): boolean {
  if (typeof name !== 'string' || name === '' || icuAlone.has(name.toUpperCase())) return false
  try {
    formatFor(name)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** @throws RangeError if there is no such zone */
const formatFor = (timezone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset', year: 'numeric' })

/** Parses `-05:00`, `+05:45`, `-00:44:30`, or an empty text for UTC. */
function parseOffset(text: string): number {
  if (text === '') return 0
  const [hours = '0', minutes = '0', seconds = '0'] = text.slice(1).split(':')
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return text.startsWith('-') ? -size : size
}
