import type { Histogram, Metric, Sample } from './metric.ts'

const PREFIX = 'escapement_'

/** The two texts that Prometheus reads, by their media types. */
export const exposition = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openMetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8'
} as const

/** What a scraper takes, by its `Accept`. */
export const formatFor = (accept: string): keyof typeof exposition =>
  /application\/openmetrics-text/i.test(accept) ? 'openMetrics' : 'prometheus'

/**
 * Metrics as text: the Prometheus text format 0.0.4, or OpenMetrics 1.0, which names a counter without its `_total`,
 * has units, and ends with a mark. A metric without samples is left out.
 */
export function textOf(metrics: readonly Metric[], format: keyof typeof exposition): string {
  const isOpen = format === 'openMetrics'
  const lines = metrics.filter(isFilled).flatMap(metric => [...headOf(metric, isOpen), ...samplesOf(metric)])
  return [...lines, ...(isOpen ? ['# EOF'] : []), ''].join('\n')
}

const isFilled = (metric: Metric): boolean =>
  metric.type === 'histogram' ? metric.histograms.length > 0 : metric.samples.length > 0

function headOf({ name, type, help, unit }: Metric, isOpen: boolean): string[] {
  const family = `${PREFIX}${name}${type === 'counter' && !isOpen ? '_total' : ''}`
  return [
    `# HELP ${family} ${escaped(help)}`,
    `# TYPE ${family} ${type}`,
    ...(isOpen && unit !== undefined ? [`# UNIT ${family} ${unit}`] : [])
  ]
}

function samplesOf(metric: Metric): string[] {
  if (metric.type === 'histogram') return metric.histograms.flatMap(each => histogramLines(metric.name, each))
  const name = `${metric.name}${metric.type === 'counter' ? '_total' : ''}`
  return metric.samples.map(sample => lineOf(name, sample))
}

/** The labels are escaped once: most lines of a scrape are buckets. */
function histogramLines(name: string, { labels = {}, buckets, sum }: Histogram): string[] {
  const pairs = pairsOf(labels)
  const before = pairs === '' ? '' : `${pairs},`
  return [
    ...buckets.map(({ le, count }) => lineWith(`${name}_bucket`, `${before}le="${numberOf(le)}"`, count)),
    lineWith(`${name}_sum`, pairs, sum),
    lineWith(`${name}_count`, pairs, buckets.at(-1)?.count ?? 0)
  ]
}

const lineOf = (name: string, { labels = {}, value }: Sample): string => lineWith(name, pairsOf(labels), value)

const lineWith = (name: string, pairs: string, value: number): string =>
  `${PREFIX}${name}${pairs === '' ? '' : `{${pairs}}`} ${numberOf(value)}`

const pairsOf = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`)
    .join(',')

const escaped = (text: string): string => text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

const numberOf = (value: number): string => {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}
