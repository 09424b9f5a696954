/**
 * How urgent a stop is. `graceful`: requests and handlers get their grace. `hasty`: requests are cut and handlers'
 * signals aborted, but they may still end in order. `now`: the same, within a second. `kill`: waits for nothing.
 */
export type Haste = 'graceful' | 'hasty' | 'now' | 'kill'

const order: readonly Haste[] = ['graceful', 'hasty', 'now', 'kill']

export const mostUrgent = (one: Haste, other: Haste): Haste => (order.indexOf(other) > order.indexOf(one) ? other : one)

/**
 * A terminal sends Ctrl-C to every process of the group, and the parent may forward it. Signals this close count once.
 */
const ECHO_MS = 250

export interface StopUnderWay {
  readonly haste: Haste
  /** Since the previous signal. */
  readonly sinceMs: number
}

/**
 * The haste after a signal, given the stop under way, if any. Each further signal raises it; a second Ctrl-C means
 * `now`.
 */
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

/** After the last handler: time to write reports and close connections. */
const MARGIN_MS = 5_000
/** Part of the margin: to send the last reports, sign off from the other nodes and close the books. */
export const PARTING_MS = 2_500
/** Part of the margin: the minimum for what the app itself does before it ends. */
export const APP_END_MS = 1_500
const NOW_MS = 1_000

/** How long handlers and requests may continue in a process that is told to stop. */
export function graceOf(haste: Haste, { shutdownGraceMs }: Graces): number {
  return haste === 'graceful' ? shutdownGraceMs : 0
}

/** A process that still runs this long after its order to stop is killed. */
export function killAfterMs(haste: Haste, graces: Graces): number {
  if (haste === 'kill') return 0
  if (haste === 'now') return NOW_MS
  return graceOf(haste, graces) + graces.abortGraceMs + MARGIN_MS
}

/** What follows "stopping" in the log. */
export const stopWords: { readonly [Each in Haste]: string } = {
  graceful: 'when requests and jobs have ended, or after their grace',
  hasty: 'without waiting for requests and jobs',
  now: 'at once; what is left in a second is killed',
  kill: 'by killing'
}
