import { expect, test } from 'vitest'
import { metricsOf } from '../../src/metrics/metrics-of.ts'
import type { MetricSource } from '../../src/metrics/metric-source.ts'
import { nodeRecord } from '../conformance/fixtures.ts'
import { textOf as guideText } from '../guides/blocks.ts'

const vitals = { cpuSeconds: 1, rssBytes: 1, loopLagMs: 1, longestLagMs: 1, clockSkewMs: 1 }
const node = { ...nodeRecord(), counter: 1, phase: 'alive', startedAt: 0, renewedAt: 0, vitals } as const
const seat = { seat: 's', term: 1, counter: 1, ttlMs: 1, holder: undefined, electedAt: 0, renewedAt: 0 }

/** One of everything. */
const source: MetricSource = {
  now: 1,
  version: '1',
  nextFireAt: 0,
  totals: [
    { kind: 'fire', name: '', outcome: 'fired', n: 1 },
    { kind: 'undecided', name: '', outcome: 'fired', n: 1 },
    { kind: 'job', name: 'mail', outcome: 'completed', n: 1 },
    { kind: 'lateness', name: '', outcome: '0', n: 1 },
    { kind: 'wait', name: 'mail', outcome: '0', n: 1 },
    { kind: 'run', name: 'mail', outcome: '0', n: 1 }
  ],
  incidents: [],
  successWithin: new Map([['often', 1]]),
  health: [{ scheduleId: 'often', lastFinishedAt: 0, lastSuccessAt: 0, failuresInRow: 0, lastDurationMs: 1 }],
  nodes: [node],
  seats: [seat],
  counted: {
    at: 0,
    oldest: new Map([['q', 0]]),
    queues: [{ queue: 'q', pausedAt: 1, counts: { available: 1 } }],
    unknownTasks: 1
  }
}

test('the guide has each metric with its type, its labels and its meaning', () => {
  const rows = metricsOf(source).map(metric => {
    const { name, type, help } = metric
    const [first] = metric.type === 'histogram' ? metric.histograms : metric.samples
    const labels = Object.keys(first?.labels ?? {}).map(label => `\`${label}\``)
    return `| \`escapement_${name}${type === 'counter' ? '_total' : ''}\` | ${type} | ${labels.join(', ')} | ${help} |`
  })
  const lines = guideText('docs/guides/metrics.md').split('\n')
  const tidy = lines.map(line => line.replaceAll(/ +/g, ' '))
  expect(tidy.filter(line => line.startsWith('| `escapement_'))).toEqual(rows.map(row => row.replaceAll(/ +/g, ' ')))
})
