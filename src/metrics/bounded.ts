import type { Sample } from './metric.ts'

/** The value of a label that stands for all values beyond the bound. */
export const OTHER = 'other'

/** Samples with at most so many values of a label: the largest ones; the rest is added up as "other". */
export function bounded(samples: readonly Sample[], label: string, most: number): readonly Sample[] {
  const sizes = new Map<string, number>()
  for (const { labels, value } of samples) {
    const name = labels?.[label] ?? ''
    sizes.set(name, (sizes.get(name) ?? 0) + value)
  }
  if (sizes.size <= most) return samples
  const kept = new Set(
    [...sizes]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most - 1)
      .map(([name]) => name)
  )
  const sums = new Map<string, { labels: Record<string, string>; value: number }>()
  for (const { labels = {}, value } of samples) {
    const name = labels[label] ?? ''
    const put = { ...labels, [label]: kept.has(name) ? name : OTHER }
    const key = JSON.stringify(put)
    const sum = sums.get(key)
    if (sum === undefined) sums.set(key, { labels: put, value })
    else sum.value += value
  }
  return [...sums.values()]
}
