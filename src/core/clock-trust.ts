/** A jump of the wall clock is believed once the clock has agreed with the monotonic one for this long. */
export const HOLD_MS = 15_000
/** Clocks are corrected in small steps all the time. Up to this, a difference is not a jump. */
export const JUMP_TOLERANCE_MS = 2_000

/** One reading of a wall clock. It showed `at` at some instant between the two others, which are monotonic. */
export interface ClockReading {
  readonly at: number
  readonly askedAt: number
  readonly answeredAt: number
}

/** How far the wall clock is ahead of the monotonic one: between `low` and `high`. */
interface Offset {
  readonly low: number
  readonly high: number
}

/** Which time a process believes, and which it holds. */
export interface ClockTrust {
  /** What the process uses. */
  readonly believed: Offset
  /** A different offset, shown since a monotonic instant and not believed yet. */
  readonly held: { readonly offset: Offset; readonly since: number } | undefined
  /** How far the wall clock jumped, as far as is known: to the held offset, or to the one believed last. */
  readonly jumpMs: number
}

/**
 * `agreed`: as before. `jumped`: another time, shown for the first time. `held`: shown again, but not for long enough.
 * `believed`: used from now on. `returned`: back to the believed time.
 */
export type ClockVerdict = 'agreed' | 'jumped' | 'held' | 'believed' | 'returned'

const offsetOf = ({ at, askedAt, answeredAt }: ClockReading): Offset => ({
  low: at - answeredAt,
  high: at - askedAt
})

const middleOf = ({ low, high }: Offset): number => (low + high) / 2

/** Positive if the second is ahead of the first. */
const jumpOf = (from: Offset, to: Offset): number => Math.round(middleOf(to) - middleOf(from))

const agree = (one: Offset, other: Offset): boolean =>
  one.low <= other.high + JUMP_TOLERANCE_MS && other.low <= one.high + JUMP_TOLERANCE_MS

/** The first reading of a process, which has nothing to compare it with. */
export const firstTrust = (reading: ClockReading): ClockTrust => ({
  believed: offsetOf(reading),
  held: undefined,
  jumpMs: 0
})

/**
 * The trust after one more reading. A time that jumped against the monotonic clock is held until it has agreed for
 * `HOLD_MS`, with no other time in between: a suspended machine jumps and stays, a wrong clock comes back. A slow
 * reading is imprecise, and never replaces a precise one.
 */
export function trustAfter(before: ClockTrust, reading: ClockReading): { trust: ClockTrust; verdict: ClockVerdict } {
  const offset = offsetOf(reading)
  const { believed, held } = before
  if (held !== undefined && agree(held.offset, offset)) {
    // The clock has agreed at least from the end of the first reading to the beginning of this one.
    if (reading.askedAt - held.since < HOLD_MS) return { trust: before, verdict: 'held' }
    const jumpMs = jumpOf(believed, offset)
    return { trust: { believed: offset, held: undefined, jumpMs }, verdict: 'believed' }
  }
  if (agree(believed, offset)) {
    const trust = { believed: narrower(believed, offset), held: undefined, jumpMs: before.jumpMs }
    return { trust, verdict: held === undefined ? 'agreed' : 'returned' }
  }
  const jumpMs = jumpOf(believed, offset)
  return { trust: { believed, held: { offset, since: reading.answeredAt }, jumpMs }, verdict: 'jumped' }
}

const widthOf = ({ low, high }: Offset): number => high - low

/** Prefers the newer offset, which follows a clock that drifts. */
const narrower = (before: Offset, after: Offset): Offset =>
  widthOf(after) <= Math.max(widthOf(before), JUMP_TOLERANCE_MS) ? after : before

/** A node in the books: what a process without an earlier reading compares its clock with. */
export interface OtherRenewal {
  readonly isAlive: boolean
  readonly renewedAt: number
}

/**
 * Whether the first time that a process sees may be wrong: a node has renewed later than now, or all nodes that count
 * as alive have been silent for longer than a lease lasts. They may also have died with nobody left to declare it, but
 * then waiting for `HOLD_MS` does no harm.
 */
export function contradicts(others: readonly OtherRenewal[], now: number, leaseTtlMs: number): boolean {
  if (others.some(({ renewedAt }) => renewedAt > now + JUMP_TOLERANCE_MS)) return true
  const alive = others.filter(({ isAlive }) => isAlive)
  return alive.length > 0 && alive.every(({ renewedAt }) => renewedAt < now - leaseTtlMs - JUMP_TOLERANCE_MS)
}

/**
 * The offset that a process begins with, given those of other processes of the same boot: its own if one of them agrees.
 * Else the earliest of theirs, by which nothing begins early; of those that agree with that, the latest, by which no delay
 * is too short.
 */
export function offsetBeside(others: readonly number[], own: number): number {
  if (others.some(other => Math.abs(other - own) <= JUMP_TOLERANCE_MS)) return own
  const earliest = Math.min(...others)
  return Math.max(...others.filter(other => other - earliest <= JUMP_TOLERANCE_MS))
}
