import type { Entry } from '../history.ts'
import { recorded } from './recorded.ts'

/** A stretch of time, of a fault or of anything else. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A fault that has no end lasts as long as the history. */
export function spansOfFaults(entries: readonly Entry[]): Span[] {
  const endAt = entries.at(-1)?.at ?? 0
  const ends = new Map(recorded(entries, 'fault.ended').map(({ number, at }) => [number, at]))
  return recorded(entries, 'fault.began').map(({ number, at }) => ({ from: at, to: ends.get(number) ?? endAt }))
}

const LOOK_EVERY_MS = 1_000

/** When others used the machine: what takes long then is not the product's doing. */
export const spansOfOthers = (entries: readonly Entry[]): Span[] =>
  recorded(entries, 'machine.shared').map(({ at }) => ({ from: at - LOOK_EVERY_MS, to: at + LOOK_EVERY_MS }))

/** Whether an instant lies in one of the spans, or up to `after` ms behind it. */
export const isWithin = (spans: readonly Span[], at: number, after: number): boolean =>
  spans.some(({ from, to }) => at >= from && at <= to + after)

/** How much of a stretch lies in none of the spans. */
export function restOf({ from, to }: Span, spans: readonly Span[]): number {
  const within = spans.filter(span => span.to > from && span.from < to).toSorted((a, b) => a.from - b.from)
  let rest = to - from
  let coveredTo = from
  for (const span of within) {
    rest -= Math.max(0, Math.min(to, span.to) - Math.max(span.from, coveredTo))
    coveredTo = Math.max(coveredTo, Math.min(to, span.to))
  }
  return rest
}
