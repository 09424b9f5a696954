import { expect, test } from 'vitest'
import { formatFor, textOf } from '../../src/metrics/exposition.ts'
import type { Metric } from '../../src/metrics/metric.ts'

const metrics: readonly Metric[] = [
  { name: 'fires', type: 'counter', help: 'Fire times', samples: [{ labels: { decision: 'fired' }, value: 3 }] },
  {
    name: 'lag_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'A back\\slash\nand a line',
    samples: [{ value: 0.25 }]
  },
  { name: 'nothing', type: 'gauge', help: 'Left out', samples: [] },
  {
    name: 'wait_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'Waits',
    histograms: [
      {
        labels: { task: 'a "quoted"\ntask\\' },
        buckets: [
          { le: 0.01, count: 1 },
          { le: Infinity, count: 4 }
        ],
        sum: 12.5
      }
    ]
  }
]

test('the text format of Prometheus', () => {
  expect(textOf(metrics, 'prometheus')).toBe(
    `# HELP escapement_fires_total Fire times
# TYPE escapement_fires_total counter
escapement_fires_total{decision="fired"} 3
# HELP escapement_lag_seconds A back\\\\slash\\nand a line
# TYPE escapement_lag_seconds gauge
escapement_lag_seconds 0.25
# HELP escapement_wait_seconds Waits
# TYPE escapement_wait_seconds histogram
escapement_wait_seconds_bucket{task="a \\"quoted\\"\\ntask\\\\",le="0.01"} 1
escapement_wait_seconds_bucket{task="a \\"quoted\\"\\ntask\\\\",le="+Inf"} 4
escapement_wait_seconds_sum{task="a \\"quoted\\"\\ntask\\\\"} 12.5
escapement_wait_seconds_count{task="a \\"quoted\\"\\ntask\\\\"} 4
`
  )
})

test('OpenMetrics has units, a counter by its family, and a mark at the end', () => {
  const text = textOf(metrics, 'openMetrics')
  expect(text).toContain('# TYPE escapement_fires counter\nescapement_fires_total{decision="fired"} 3\n')
  expect(text).toContain('# TYPE escapement_lag_seconds gauge\n# UNIT escapement_lag_seconds seconds\n')
  expect(text.endsWith('\n# EOF\n')).toBe(true)
  expect(text).not.toContain('nothing')
})

test.each([
  ['', 'prometheus'],
  ['*/*', 'prometheus'],
  ['text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'prometheus'],
  ['application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75', 'openMetrics']
])('a scraper that accepts "%s" gets %s', (accept, format) => {
  expect(formatFor(accept)).toBe(format)
})
