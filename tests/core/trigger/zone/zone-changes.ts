/**
 * The changes of offset of every zone, read from Intl by code that shares nothing with the engine's: the ground that the
 * tests stand on. Seconds throughout.
 */
export interface OffsetChange {
  at: number
  before: number
  after: number
}

export interface ZoneChanges {
  zone: string
  firstOffset: number
  changes: OffsetChange[]
}

export const zoneNames = Intl.supportedValuesOf('timeZone')

/** The engine samples every third day; this reads finer, so that what it might step over is seen here. */
const step = 2 * 86_400

export function readChanges(zone: string, from: number, to: number): ZoneChanges {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' })
  const offsetAt = (second: number) => offsetOf(format.format(second * 1000).replace(/^.*GMT/, ''))
  const changes: OffsetChange[] = []
  const firstOffset = offsetAt(from)
  let before = firstOffset
  for (let at = from; at < to; at += step) {
    const end = Math.min(to, at + step)
    const after = offsetAt(end)
    if (after === before) continue
    let [low, high] = [at, end]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offsetAt(middle) === before) low = middle
      else high = middle
    }
    changes.push({ at: high, before, after })
    before = after
  }
  return { zone, firstOffset, changes }
}

/** What Intl says that the clocks show: the local time as seconds since 1970-01-01T00:00 on the wall. */
export function intlLocal(zone: string): (second: number) => number {
  const numeric = '2-digit'
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric
  })
  return second => {
    const [month, day, year, hour, minute, secondOfMinute] = format
      .format(second * 1000)
      .split(/[^\d]+/)
      .map(Number)
    return Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0, hour ?? 0, minute ?? 0, secondOfMinute ?? 0) / 1000
  }
}

function offsetOf(text: string): number {
  const [, sign, hours, minutes, seconds] = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? []
  const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
  return sign === '-' ? -size : size
}
