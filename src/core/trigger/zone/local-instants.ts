import type { DstPolicy } from './dst.ts'
import { endSecond, firstSecond, widestOffset, type Zone } from './zone.ts'

export interface LocalMoment {
  /** The instants (epoch seconds) at which a local time fires, in order: none, one, or both of an overlap. */
  instants: number[]
  /** The local time does not exist: the clocks were set forward over it. */
  skipped: boolean
}

/** When a local time (seconds since 1970-01-01T00:00 local) fires in a zone. */
export function momentOf(zone: Zone, local: number, dst: DstPolicy): LocalMoment {
  const passes: number[] = []
  let gapFire: number | undefined
  let skipped = false
  let second = Math.max(firstSecond, local - widestOffset)
  const end = Math.min(endSecond, local + widestOffset + 1)
  while (second < end) {
    const segment = zone.segmentAt(second)
    const instant = local - segment.offset
    if (instant >= segment.from && instant < segment.to) passes.push(instant)
    const { gapAt, offsetBefore, offset } = segment
    if (local >= gapAt + offsetBefore && local < gapAt + offset) {
      skipped = true
      gapFire = dst.gap === 'skip' ? undefined : dst.gap === 'transition' ? gapAt : local - offsetBefore
    }
    second = segment.to
  }
  if (skipped) return { instants: gapFire === undefined ? [] : [gapFire], skipped }
  if (passes.length > 1 && dst.overlap !== 'both')
    return { instants: passes.slice(...(dst.overlap === 'first' ? [0, 1] : [-1])), skipped }
  return { instants: passes, skipped }
}
