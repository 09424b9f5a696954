import type { CronRule } from './cron-expression.ts'
import { countMatches, isMatch, matchAtOrAfter, matchAtOrBefore, noMatch } from './cron-search.ts'
import type { DstPolicy } from '../zone/dst.ts'
import { noGap, type Segment } from '../zone/segment.ts'

// The fires of an expression within one segment of real time (epoch seconds). Most are regular: instants whose local
// time matches. After a gap there are fires for the skipped local times, which may lie between regular ones.

export interface FireRule {
  rule: CronRule
  /** The policy of this entry. A wildcard-time entry follows real time, which is `skip` and `both`. */
  dst: DstPolicy
}

/** The instant from which every fire of a segment is regular. */
export function regularFrom({ from, to, freshFrom, gapAt, offset, offsetBefore }: Segment, dst: DstPolicy): number {
  const fresh = dst.overlap === 'first' ? freshFrom : from
  if (gapAt === noGap || dst.gap === 'skip') return fresh
  return dst.gap === 'transition'
    ? Math.max(fresh, gapAt + 1)
    : Math.max(fresh, Math.min(to, gapAt + offset - offsetBefore))
}

/** Every fire of a segment is before this instant. */
export function firesTo(segment: Segment, dst: DstPolicy): number {
  return dst.overlap === 'last' ? segment.onceUntil : segment.to
}

/** The regular fires of a segment begin at this instant. */
export function firesFrom(segment: Segment, dst: DstPolicy): number {
  return dst.overlap === 'first' ? segment.freshFrom : segment.from
}

/** The first fire of a segment at or after `second`, or `noMatch`. `regular` is the first regular one. */
export function firstFire(
  fires: FireRule,
  segment: Segment,
  { second, regular }: { second: number; regular: number }
): number {
  const { rule, dst } = fires
  const found = regular < firesTo(segment, dst) ? regular : noMatch
  if (segment.gapAt === noGap || dst.gap === 'skip') return found
  if (dst.gap === 'transition') {
    return segment.gapAt >= second && standsForGap(rule, segment) ? segment.gapAt : found
  }
  const gap = shiftedStretch(segment)
  const moved = matchAtOrAfter(rule, Math.max(second, gap.from) + segment.offsetBefore) - segment.offsetBefore
  return moved < gap.to ? Math.min(found, moved) : found
}

/** The last fire of a segment at or before an instant, or `-noMatch`. */
export function lastFire({ rule, dst }: FireRule, segment: Segment, second: number): number {
  const { offset } = segment
  const from = firesFrom(segment, dst)
  const until = Math.min(second, firesTo(segment, dst) - 1)
  const regular = matchAtOrBefore(rule, until + offset) - offset
  const found = regular >= from ? regular : -noMatch
  if (segment.gapAt === noGap || dst.gap === 'skip') return found
  if (dst.gap === 'transition') {
    return segment.gapAt <= second && standsForGap(rule, segment) ? Math.max(found, segment.gapAt) : found
  }
  const gap = shiftedStretch(segment)
  const moved = matchAtOrBefore(rule, Math.min(second, gap.to - 1) + segment.offsetBefore) - segment.offsetBefore
  return moved >= gap.from ? Math.max(found, moved) : found
}

/** How many fires of a segment lie in [from, to). */
export function countFires({ rule, dst }: FireRule, segment: Segment, range: { from: number; to: number }): number {
  const { offset, gapAt } = segment
  const from = Math.max(range.from, firesFrom(segment, dst))
  const to = Math.min(range.to, firesTo(segment, dst))
  const regular = countMatches(rule, from + offset, to + offset)
  if (gapAt === noGap || dst.gap === 'skip') return regular
  if (dst.gap === 'transition') {
    const inRange = gapAt >= range.from && gapAt < range.to && standsForGap(rule, segment)
    return regular + (inRange && !isMatch(rule, gapAt + offset) ? 1 : 0)
  }
  return regular + countMoved(rule, segment, range)
}

/** Whether the fire at this instant stands for a local time that a gap skipped. */
export function standsForSkipped({ rule, dst }: FireRule, segment: Segment, second: number): boolean {
  if (segment.gapAt === noGap || dst.gap === 'skip') return false
  if (dst.gap === 'transition') return second === segment.gapAt && standsForGap(rule, segment)
  const gap = shiftedStretch(segment)
  return second >= gap.from && second < gap.to && isMatch(rule, second + segment.offsetBefore)
}

/** Whether the gap at the beginning of this segment contains a matching local time. */
function standsForGap(rule: CronRule, { from, gapAt, offset, offsetBefore }: Segment): boolean {
  return gapAt >= from && matchAtOrAfter(rule, gapAt + offsetBefore) < gapAt + offset
}

/** The instants of the skipped local times, read with the offset before the gap. */
function shiftedStretch({ from, to, gapAt, offset, offsetBefore }: Segment): { from: number; to: number } {
  return { from: Math.max(from, gapAt), to: Math.min(to, gapAt + offset - offsetBefore) }
}

/** Counts the fires moved out of the gap, except those that meet a regular fire: one by one, at most a day's worth. */
function countMoved(rule: CronRule, segment: Segment, range: { from: number; to: number }): number {
  const gap = shiftedStretch(segment)
  const { offset, offsetBefore } = segment
  const end = Math.min(gap.to, range.to) + offsetBefore
  let count = 0
  let local = matchAtOrAfter(rule, Math.max(gap.from, range.from) + offsetBefore)
  while (local < end) {
    if (!isMatch(rule, local - offsetBefore + offset)) count += 1
    local = matchAtOrAfter(rule, local + 1)
  }
  return count
}
