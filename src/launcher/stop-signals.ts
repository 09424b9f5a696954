/**
 * How hard a stop is. `graceful`: requests and handlers get their grace. `hasty`: requests are cut and handlers' signals
 * aborted, and they may still end in order. `now`: likewise, within a second. `kill`: nothing is waited for.
 */
export type Haste = 'graceful' | 'hasty' | 'now' | 'kill'

const order: readonly Haste[] = ['graceful', 'hasty', 'now', 'kill']

export const mostUrgent = (one: Haste, other: Haste): Haste => (order.indexOf(other) > order.indexOf(one) ? other : one)

/** A terminal sends Ctrl-C to every process of the group, and whoever started this one may pass it on: that is once. */
const ECHO_MS = 250

export interface StopUnderWay {
  readonly haste: Haste
  /** Since the signal before. */
  readonly sinceMs: number
}

/** What a signal makes of a stop that may be under way: whoever asks again means it. Ctrl-C twice is at once. */
export function hasteAfter(signal: 'SIGTERM' | 'SIGINT', stop: StopUnderWay | undefined): Haste {
  if (stop === undefined) return 'graceful'
  const { haste: current, sinceMs } = stop
  if (sinceMs < ECHO_MS) return current
  if (signal === 'SIGINT' && current === 'graceful') return 'now'
  return order[Math.min(order.indexOf(current) + 1, order.length - 1)] ?? 'kill'
}

export interface Graces {
  readonly shutdownGraceMs: number
  readonly abortGraceMs: number
}

/** Reports and connections have to be written and closed after the last handler has ended. */
const MARGIN_MS = 5_000
/** Of the margin: for a last report, to leave the other nodes, and to close the books. */
export const PARTING_MS = 2_500
/** Of the margin: for what the app itself does before it ends, at the least. */
export const APP_END_MS = 1_500
const NOW_MS = 1_000

/** How long handlers and requests may go on, for a process that is told to stop. */
export function graceOf(haste: Haste, { shutdownGraceMs }: Graces): number {
  return haste === 'graceful' ? shutdownGraceMs : 0
}

/** After how long a process that was told to stop, and is still there, is killed. */
export function killAfterMs(haste: Haste, graces: Graces): number {
  if (haste === 'kill') return 0
  if (haste === 'now') return NOW_MS
  return graceOf(haste, graces) + graces.abortGraceMs + MARGIN_MS
}

/** Behind "stopping". */
export const stopWords: { readonly [Each in Haste]: string } = {
  graceful: 'when requests and jobs have ended, or their grace',
  hasty: 'without waiting for requests and jobs',
  now: 'at once; what is left in a second is killed',
  kill: 'by killing'
}
