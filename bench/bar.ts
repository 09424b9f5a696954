/** One thing measured next to its reference in the same run. */
export interface Bar extends Measured {
  ratio: number
  /** The least ratio, or in words what has to hold; "for comparison" when nothing is asked for. */
  bar: number | string
  met: boolean
}

export interface Measured {
  /** What was done, and under which circumstances. */
  name: string
  /** Ours, in `unit`. */
  value: number
  unit: string
  /** What it was measured against. */
  against: string
  /** Theirs, in `unit`. */
  reference: number
  /** By default value / reference; of several rounds the median of their ratios. */
  ratio?: number
}

/** More is better: at least `least` times the reference. */
export function atLeast(least: number, measured: Measured): Bar {
  const ratio = ratioOf(measured)
  return { ...measured, ratio, bar: least, met: ratio >= least }
}

/** Less is better: at most this much, independent of the reference. Without a reference it is the limit itself. */
export function atMost(limit: number, measured: Omit<Measured, 'against' | 'reference'> & Partial<Measured>): Bar {
  const { value, unit, reference = limit, against = 'the limit' } = measured
  const bar = `≤ ${limit.toLocaleString('en')} ${unit}`
  return { ...measured, against, reference, ratio: value / reference, bar, met: value <= limit }
}

/** Nothing is asked for. */
export function forComparison(measured: Measured): Bar {
  return { ...measured, ratio: ratioOf(measured), bar: 'for comparison', met: true }
}

const ratioOf = ({ value, reference, ratio = value / reference }: Measured): number => ratio

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  const high = sorted[Math.floor(middle)] ?? Number.NaN
  return (low + high) / 2
}

/** The value that this part (0 to 1) of them doesn't exceed. */
export const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? Number.NaN
