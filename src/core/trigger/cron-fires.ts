import type { CronRule } from './cron-expression.ts'
import { countMatches, isMatch, matchAtOrAfter, matchAtOrBefore, noMatch } from './cron-search.ts'
import type { DstPolicy } from './dst.ts'
import { noGap, type Segment } from './segment.ts'

// The fires of an expression within one segment of real time (epoch seconds). Most are regular: instants whose local time
// matches. After a gap come the fires that stand for the skipped local times; they may fall between regular ones.

export interface FireRule {
  rule: CronRule
  /** What holds for this entry: a wildcard-time entry follows real time, which is `skip` and `both`. */
  dst: DstPolicy
}

/** The instants [from, to) of a segment in which every fire is regular. */
export function regularStretch(segment: Segment, dst: DstPolicy): { from: number; to: number } {
  const { gapAt, offset, offsetBefore } = segment
  let from = dst.overlap === 'first' ? segment.freshFrom : segment.from
  if (gapAt !== noGap && dst.gap === 'transition') from = Math.max(from, gapAt + 1)
  if (gapAt !== noGap && dst.gap === 'shift') from = Math.max(from, Math.min(segment.to, gapAt + offset - offsetBefore))
  return { from, to: dst.overlap === 'last' ? segment.onceUntil : segment.to }
}

/** The first fire of a segment at or after an instant, or `noMatch`. */
export function firstFire({ rule, dst }: FireRule, segment: Segment, second: number): number {
  const { offset } = segment
  const from = Math.max(second, dst.overlap === 'first' ? segment.freshFrom : segment.from)
  const to = dst.overlap === 'last' ? segment.onceUntil : segment.to
  const regular = matchAtOrAfter(rule, from + offset) - offset
  const found = regular < to ? regular : noMatch
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
  const from = dst.overlap === 'first' ? segment.freshFrom : segment.from
  const until = Math.min(second, (dst.overlap === 'last' ? segment.onceUntil : segment.to) - 1)
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
  const from = Math.max(range.from, dst.overlap === 'first' ? segment.freshFrom : segment.from)
  const to = Math.min(range.to, dst.overlap === 'last' ? segment.onceUntil : segment.to)
  const regular = countMatches(rule, from + offset, to + offset)
  if (gapAt === noGap || dst.gap === 'skip') return regular
  if (dst.gap === 'transition') {
    const inRange = gapAt >= range.from && gapAt < range.to && standsForGap(rule, segment)
    return regular + (inRange && !isMatch(rule, gapAt + offset) ? 1 : 0)
  }
  return regular + countMoved(rule, segment, range)
}

/** The fire at this instant stands for a local time that a gap swallowed. */
export function standsForSkipped({ rule, dst }: FireRule, segment: Segment, second: number): boolean {
  if (segment.gapAt === noGap || dst.gap === 'skip') return false
  if (dst.gap === 'transition') return second === segment.gapAt && standsForGap(rule, segment)
  const gap = shiftedStretch(segment)
  return second >= gap.from && second < gap.to && isMatch(rule, second + segment.offsetBefore)
}

/** The gap that begins this segment holds a local time that matches. */
function standsForGap(rule: CronRule, { from, gapAt, offset, offsetBefore }: Segment): boolean {
  return gapAt >= from && matchAtOrAfter(rule, gapAt + offsetBefore) < gapAt + offset
}

/** Where the skipped local times lie when they are read with the offset before the gap. */
function shiftedStretch({ from, to, gapAt, offset, offsetBefore }: Segment): { from: number; to: number } {
  return { from: Math.max(from, gapAt), to: Math.min(to, gapAt + offset - offsetBefore) }
}

/** Fires moved out of the gap, without those that fall on a regular fire: one by one, at most a day's worth. */
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
