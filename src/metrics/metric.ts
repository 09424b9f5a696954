/** One number of a metric, told apart from the others by its labels. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

interface Named {
  /** Without the prefix and without the `_total` of a counter. */
  readonly name: string
  /** One sentence without a full stop. */
  readonly help: string
  /** A base unit of Prometheus, with which the name ends. */
  readonly unit?: 'seconds' | 'bytes'
}

/** One bucket counts what is at most `le`; the counts grow with `le`, and the last one, `Infinity`, has all. */
export interface Histogram {
  readonly labels?: Readonly<Record<string, string>>
  readonly buckets: readonly { readonly le: number; readonly count: number }[]
  readonly sum: number
}

/** A metric with its samples. Counters only grow, over all processes that ever were. */
export type Metric =
  | (Named & { readonly type: 'counter' | 'gauge'; readonly samples: readonly Sample[] })
  | (Named & { readonly type: 'histogram'; readonly histograms: readonly Histogram[] })
