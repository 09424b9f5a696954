import { TALLY_BOUNDS_MS } from '../core/counts/tally.ts'
import { SUM_OUTCOME, type Total, type TotalKind } from '../core/counts/total.ts'
import { OTHER } from './bounded.ts'
import type { Histogram } from './metric.ts'

interface Sums {
  readonly counts: number[]
  sumMs: number
}

/** The totals of one kind as histograms in seconds, one for each name: at most `most`, the rest added up as "other". */
export function histogramsOf(totals: readonly Total[], kind: TotalKind, { label, most }: Bound = {}): Histogram[] {
  const byName = new Map<string, Sums>()
  for (const { name, outcome, n } of totals.filter(total => total.kind === kind)) {
    const sums = byName.get(name) ?? emptySums()
    byName.set(name, sums)
    if (outcome === SUM_OUTCOME) sums.sumMs += n
    else if (Number(outcome) < sums.counts.length) sums.counts[Number(outcome)]! += n
  }
  return [...atMost(byName, most)].map(([name, sums]) =>
    histogramOf(sums, label === undefined ? {} : { [label]: name })
  )
}

/** The label that has the name, and how many values it may have. */
interface Bound {
  readonly label?: string
  readonly most?: number
}

const emptySums = (): Sums => ({ counts: [...TALLY_BOUNDS_MS, Infinity].map(() => 0), sumMs: 0 })

const countOf = ({ counts }: Sums): number => counts.reduce((sum, count) => sum + count, 0)

/** The most often counted ones stay, so that few change between two scrapes. */
function atMost(byName: ReadonlyMap<string, Sums>, most = Infinity): ReadonlyMap<string, Sums> {
  if (byName.size <= most) return byName
  const sorted = [...byName].sort(([, a], [, b]) => countOf(b) - countOf(a))
  const rest = emptySums()
  for (const [, { counts, sumMs }] of sorted.splice(most - 1)) {
    rest.sumMs += sumMs
    for (const [bucket, count] of counts.entries()) rest.counts[bucket]! += count
  }
  return new Map([...sorted, [OTHER, rest]])
}

function histogramOf({ counts, sumMs }: Sums, labels: Readonly<Record<string, string>>): Histogram {
  let count = 0
  const buckets = [...TALLY_BOUNDS_MS, Infinity].map((leMs, bucket) => {
    count += counts[bucket]!
    return { le: leMs / 1_000, count }
  })
  return { labels, buckets, sum: sumMs / 1_000 }
}
