/** One thing measured beside its reference in the same run. */
export interface Bar {
  /** What was done, and under which circumstances. */
  name: string
  /** Ours, in `unit`. */
  value: number
  unit: string
  /** Whom or what it was measured against. */
  against: string
  /** Theirs, in `unit`. */
  reference: number
  /** value / reference */
  ratio: number
  /** What has to hold; a text when nothing is asked for. */
  bar: number | string
  met: boolean
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  const high = sorted[Math.floor(middle)] ?? Number.NaN
  return (low + high) / 2
}
