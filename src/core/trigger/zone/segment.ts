import { secondsPerDay } from './civil.ts'
import type { OffsetAt } from './zone-offset.ts'

/**
 * A stretch of real time with one offset from UTC, within one UTC year. All instants are epoch seconds. In the
 * time-zone data, offset changes are at least 6 days apart and move clocks by at most a day, so that the windows around
 * two changes never touch. A test checks every zone.
 */
export interface Segment {
  from: number
  /** exclusive */
  to: number
  /** local seconds = instant + offset */
  offset: number
  /** [steadyFrom, from] has no change of offset, and none of the gap or overlap after one. */
  steadyFrom: number
  /** The same for [to, steadyTo]. */
  steadyTo: number
  /** [from, freshFrom) shows local times for the second time; equal to `from` when there are none. */
  freshFrom: number
  /** [onceUntil, to) shows local times that will come again; equal to `to` when there are none. */
  onceUntil: number
  /** The last forward change, if the gap's length after it reaches into this segment; else `noGap`. */
  gapAt: number
  /** The offset before `gapAt`. */
  offsetBefore: number
}

export const noGap = -Infinity

interface Change {
  at: number
  before: number
  after: number
}

/** Shorter than the least distance between two changes, so that the samples miss none. */
const sampleStep = 3 * secondsPerDay
/** Changes this near to a year still affect it: no change moves clocks by more than a day. */
const margin = 3 * secondsPerDay

/** The segments of [from, to), in order, without gaps between them. */
export function segmentsOf(offsetAt: OffsetAt, from: number, to: number): Segment[] {
  const changes = changesIn(offsetAt, from - margin, to + margin)
  const edges = [from, ...changes.map(change => change.at).filter(at => at > from && at < to), to]
  return edges.slice(0, -1).map((start, index) => {
    const end = edges[index + 1] ?? to
    const into = changes.findLast(change => change.at <= start)
    const outOf = changes.find(change => change.at >= end)
    return segment({ start, end, offset: into?.after ?? outOf?.before ?? offsetAt(start), into, outOf })
  })
}

/** The same segment, so many seconds later. */
export function shifted(segment: Segment, seconds: number): Segment {
  return {
    from: segment.from + seconds,
    to: segment.to + seconds,
    offset: segment.offset,
    steadyFrom: segment.steadyFrom + seconds,
    steadyTo: segment.steadyTo + seconds,
    freshFrom: segment.freshFrom + seconds,
    onceUntil: segment.onceUntil + seconds,
    gapAt: segment.gapAt + seconds,
    offsetBefore: segment.offsetBefore
  }
}

interface Around {
  start: number
  end: number
  offset: number
  into: Change | undefined
  outOf: Change | undefined
}

function segment({ start, end, offset, into, outOf }: Around): Segment {
  const repeatedBefore = into && into.after < into.before ? into.at + into.before - into.after : start
  const repeatedAfter = outOf && outOf.after < outOf.before ? outOf.at - outOf.before + outOf.after : end
  const gap = into && into.after > into.before && into.at + into.after - into.before > start ? into : undefined
  return {
    from: start,
    to: end,
    offset,
    steadyFrom: into ? into.at + Math.abs(into.after - into.before) : start - margin,
    steadyTo: outOf ? outOf.at - Math.abs(outOf.after - outOf.before) : end + margin,
    freshFrom: Math.min(end, Math.max(start, repeatedBefore)),
    onceUntil: Math.max(start, Math.min(end, repeatedAfter)),
    gapAt: gap?.at ?? noGap,
    offsetBefore: gap?.before ?? offset
  }
}

function changesIn(offsetAt: OffsetAt, from: number, to: number): Change[] {
  const changes: Change[] = []
  let at = from
  let before = offsetAt(from)
  while (at < to) {
    const next = Math.min(to, at + sampleStep)
    const after = offsetAt(next)
    if (after !== before) changes.push({ at: firstWith(offsetAt, at, next), before, after })
    at = next
    before = after
  }
  return changes
}

/** The first second in (low, high] whose offset differs from that of `low`. */
function firstWith(offsetAt: OffsetAt, low: number, high: number): number {
  const before = offsetAt(low)
  let [same, changed] = [low, high]
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2)
    if (offsetAt(middle) === before) same = middle
    else changed = middle
  }
  return changed
}
