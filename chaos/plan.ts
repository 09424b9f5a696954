import { randomFrom } from '../scripts/random-from.ts'

/**
 * What a run does to the processes and their store.
 *
 * - `kill`, `freeze`, `restart` strike one process: SIGKILL, SIGSTOP for longer than the lease, a graceful stop and a start.
 * - `ambush` freezes a process in the middle of a job until another one is in the middle of the same; `depose` the holder of
 *   a seat until another one holds it.
 * - `roll` restarts all of them, one after another, as a deployment does.
 * - `lock` holds the SQLite file's write lock from outside; `cut` and `reset` do it to the connections of one host, the
 *   one in silence, the other so that both ends know; `restart-database` ends PostgreSQL as a crash would, and starts it.
 * - `skew` sets the wall clocks of one host forward or back.
 * - `unlock` deletes the file that a file seat is locked by.
 * - `leap` sets the clock that decides what is due a day ahead or an hour back for three seconds, and then right again.
 * - `hold` opens WebSockets, endless streams and idle connections to the web processes, and replaces all processes meanwhile.
 * - `comeback` starts a process of an older release, whose code has other definitions, alongside all the others.
 */
export const faultKinds = [
  'kill',
  'freeze',
  'ambush',
  'depose',
  'restart',
  'roll',
  'lock',
  'cut',
  'reset',
  'restart-database',
  'skew',
  'unlock',
  'leap',
  'hold',
  'comeback'
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface Fault {
  readonly number: number
  readonly kind: FaultKind
  /** From the beginning of the run. */
  readonly atMs: number
  /** At most; 0: it is over at once. */
  readonly lastsMs: number
  /** In [0, 1): which of the processes, or of the hosts, that there are when it comes. */
  readonly whom: number
  /** Of `skew` and `leap`: by how much. */
  readonly byMs: number
}

export interface PlanOptions {
  readonly seed: number
  readonly kinds: readonly FaultKind[]
  readonly leaseTtlMs: number
  /** Before and after these instants the run is calm, so that there is something to measure away from faults. */
  readonly firstAtMs: number
  readonly lastAtMs: number
}

const GAP_MS = 2_300
const MAX_SKEW_MS = 4_000
const LEAP_AHEAD_MS = 86_400_000
const LEAP_BACK_MS = -3_600_000
/** How long a clock lies. */
export const LIE_MS = 3_000
/**
 * A clock is not believed before it has agreed for 15 s; until then nothing may be due, and no lateness is held against
 * anybody.
 */
const DISTRUST_MS = 17_000

/** The faults of a run. Nothing but the options decides what they are, so that a run can be repeated. */
export function planOf({ seed, kinds, leaseTtlMs, firstAtMs, lastAtMs }: PlanOptions): Fault[] {
  const random = randomFrom(seed)
  const count = kinds.length === 0 ? 0 : Math.floor((lastAtMs - firstAtMs) / GAP_MS)
  const faults: Fault[] = []
  for (let hand: FaultKind[] = []; faults.length < count;) {
    if (hand.length === 0) hand = shuffled(kinds, random)
    const kind = hand.pop() as FaultKind
    const lastsMs = Math.round(durationOf(kind, leaseTtlMs, random()))
    const at = firstAtMs + (faults.length + random()) * GAP_MS
    const atMs = Math.round(Math.max(firstAtMs, Math.min(at, lastAtMs - lastsMs)))
    const byMs = kind === 'skew' || kind === 'leap' ? wrongBy(kind, random()) : 0
    faults.push({ number: faults.length + 1, kind, atMs, lastsMs, whom: random(), byMs })
  }
  return faults
}

const wrongBy = (kind: 'skew' | 'leap', chance: number): number => {
  if (kind === 'skew') return Math.round((chance * 2 - 1) * MAX_SKEW_MS)
  return chance < 0.5 ? LEAP_AHEAD_MS : LEAP_BACK_MS
}

/** Longer than the lease where that is the point; `chance` is in [0, 1). */
function durationOf(kind: FaultKind, leaseTtlMs: number, chance: number): number {
  switch (kind) {
    case 'freeze':
      return leaseTtlMs + 500 + chance * 1_500
    case 'ambush':
    case 'depose':
      return 3 * leaseTtlMs
    case 'cut':
      return 1_000 + chance * 1.5 * leaseTtlMs
    case 'lock':
      return 1_000 + chance * leaseTtlMs
    case 'skew':
      return 3_000 + chance * 3_000
    case 'leap':
      return LIE_MS + DISTRUST_MS
    case 'hold':
      return 25_000
    case 'comeback':
      return 4_000 + chance * 4_000
    default:
      return 0
  }
}

/** Every kind comes before any comes a second time. */
function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const cards = [...all]
  for (let last = cards.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[cards[last], cards[other]] = [cards[other] as T, cards[last] as T]
  }
  return cards
}

/** The plan as it is printed before a run. */
export const planInWords = (faults: readonly Fault[]): string =>
  faults
    .map(({ number, kind, atMs, lastsMs, byMs }) => {
      const lasts = lastsMs === 0 ? '' : ` for ${(lastsMs / 1_000).toFixed(1)} s`
      return `  ${number}. at ${(atMs / 1_000).toFixed(1)} s: ${kind}${byMs === 0 ? '' : ` by ${byMs} ms`}${lasts}`
    })
    .join('\n')
