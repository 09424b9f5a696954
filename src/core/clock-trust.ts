/** A jump of the wall clock is believed when the clock has agreed with the monotonic one for so long since. */
export const HOLD_MS = 15_000
/** Clocks are set right by small steps all the time: up to this a difference is no jump. */
export const JUMP_TOLERANCE_MS = 2_000

/** One look at a wall clock. What it showed, it showed at some instant between the two, which are monotonic. */
export interface ClockReading {
  readonly at: number
  readonly askedAt: number
  readonly answeredAt: number
}

/** By how much the wall clock is ahead of the monotonic one: something between the two. */
interface Offset {
  readonly low: number
  readonly high: number
}

/** What a process makes of a wall clock. */
export interface ClockTrust {
  /** The time that it uses. */
  readonly believed: Offset
  /** Another one that it was shown since a monotonic instant, and that is held. */
  readonly held: { readonly offset: Offset; readonly since: number } | undefined
  /** By how much the wall clock jumped, as far as is known: of what is held, or of what was believed with the last reading. */
  readonly jumpMs: number
}

/** `agreed`: as before. `returned`: it showed another time meanwhile. `jumped`, `held`: shown first, or not for long. `believed`: from now on. */
export type ClockVerdict = 'agreed' | 'jumped' | 'held' | 'believed' | 'returned'

const offsetOf = ({ at, askedAt, answeredAt }: ClockReading): Offset => ({
  low: at - answeredAt,
  high: at - askedAt
})

const middleOf = ({ low, high }: Offset): number => (low + high) / 2

/** Positive where the second is ahead of the first. */
const jumpOf = (from: Offset, to: Offset): number => Math.round(middleOf(to) - middleOf(from))

const agree = (one: Offset, other: Offset): boolean =>
  one.low <= other.high + JUMP_TOLERANCE_MS && other.low <= one.high + JUMP_TOLERANCE_MS

/** The first look of a process, which has nothing to compare with. */
export const firstTrust = (reading: ClockReading): ClockTrust => ({
  believed: offsetOf(reading),
  held: undefined,
  jumpMs: 0
})

/**
 * What one more reading makes of it. A time that does not agree with the monotonic clock is held, until it has agreed for
 * `HOLD_MS`, with no other shown in between: a suspended machine jumps and stays, a clock that lies comes back. A reading
 * that was long under way says little, and replaces none that says more.
 */
export function trustAfter(before: ClockTrust, reading: ClockReading): { trust: ClockTrust; verdict: ClockVerdict } {
  const offset = offsetOf(reading)
  const { believed, held } = before
  if (held !== undefined && agree(held.offset, offset)) {
    // Seen again after it was seen first: from the first look's end to this one's beginning it may have been so.
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

/** The newer one follows a clock that drifts. */
const narrower = (before: Offset, after: Offset): Offset =>
  widthOf(after) <= Math.max(widthOf(before), JUMP_TOLERANCE_MS) ? after : before

/** What a process without a former look knows of the time from the nodes in the books. */
export interface OtherRenewal {
  readonly isAlive: boolean
  readonly renewedAt: number
}

/**
 * Whether the time that a process is shown first cannot be right, or need not be: some node has renewed later than now, or
 * those that count as alive have all been silent for longer than anyone lives without renewing. They may have died
 * with nobody left to declare it; but then waiting for `HOLD_MS` does no harm.
 */
export function contradicts(others: readonly OtherRenewal[], now: number, leaseTtlMs: number): boolean {
  if (others.some(({ renewedAt }) => renewedAt > now + JUMP_TOLERANCE_MS)) return true
  const alive = others.filter(({ isAlive }) => isAlive)
  return alive.length > 0 && alive.every(({ renewedAt }) => renewedAt < now - leaseTtlMs - JUMP_TOLERANCE_MS)
}
