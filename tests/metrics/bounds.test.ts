import { expect, test } from 'vitest'
import type { Metric } from '../../src/metrics/metric.ts'
import { SUM_OUTCOME } from '../../src/core/counts/total.ts'
import { metricsOf } from '../../src/metrics/metrics-of.ts'
import { nodeRecord } from '../conformance/fixtures.ts'

const many = Array.from({ length: 250 }, (_, number) => number)
const vitals = { cpuSeconds: 1, rssBytes: 1, loopLagMs: 1, longestLagMs: 1, clockSkewMs: 1 }
const node = { counter: 1, phase: 'alive', startedAt: 0, renewedAt: 0, vitals } as const

const found: readonly Metric[] = metricsOf({
  now: 1,
  version: '1',
  nextFireAt: undefined,
  totals: many.flatMap(number => [
    { kind: 'job', name: `task ${number}`, outcome: 'completed', n: number + 1 },
    { kind: 'wait', name: `task ${number}`, outcome: '3', n: number + 1 },
    { kind: 'wait', name: `task ${number}`, outcome: SUM_OUTCOME, n: 1_000 }
  ]),
  incidents: [],
  successWithin: new Map(),
  health: [],
  nodes: many.map(pid => ({ ...nodeRecord({ id: `node ${pid}`, pid }), ...node })),
  seats: many.map(number => {
    return { seat: `${number}`, term: 1, counter: 1, ttlMs: 1, holder: undefined, electedAt: 0, renewedAt: 0 }
  }),
  counted: {
    at: 0,
    oldest: new Map(many.map(number => [`queue ${number}`, 0])),
    queues: many.map(number => ({ queue: `queue ${number}`, pausedAt: 1, counts: { available: 1 } })),
    unknownTasks: 0
  }
})

const samplesOf = (name: string) => {
  const metric = found.find(each => each.name === name)
  return metric === undefined || metric.type === 'histogram' ? [] : metric.samples
}

test.each([
  'memory_bytes',
  'cpu_seconds',
  'loop_lag_seconds',
  'seat_term',
  'seat_held',
  'jobs',
  'queue_paused',
  'takeovers',
  'queue_oldest_available_seconds'
])('%s has at most 200 values', name => {
  expect(samplesOf(name)).toHaveLength(200)
})

test('of 250 tasks the largest 199 are named, and no end of a job is lost', () => {
  const samples = samplesOf('job_outcomes')
  expect(new Set(samples.map(({ labels }) => labels?.['task'])).size).toBe(200)
  expect(samples.reduce((sum, { value }) => sum + value, 0)).toBe((250 * 251) / 2)
  expect(samples.find(({ labels }) => labels?.['task'] === 'other' && labels['outcome'] === 'completed')?.value).toBe(
    (51 * 52) / 2
  )
})

test('all live processes are counted, also those that are not shown', () => {
  const alive = samplesOf('nodes').filter(({ labels, value }) => labels?.['phase'] === 'alive' && value > 0)
  expect(alive.map(({ value }) => value)).toEqual(nodeRecord().roles.map(() => 250))
})

test('the same holds for the histograms of tasks, whose buckets grow', () => {
  const waits = found.find(({ name }) => name === 'job_wait_seconds')
  if (waits?.type !== 'histogram') throw new Error('There is no histogram.')
  expect(waits.histograms).toHaveLength(200)
  const all = waits.histograms.reduce((sum, { buckets }) => sum + buckets.at(-1)!.count, 0)
  expect(all).toBe((250 * 251) / 2)
  const other = waits.histograms.find(({ labels }) => labels?.['task'] === 'other')!
  expect(other.sum).toBe(51)
  expect(other.buckets.map(({ count }) => count)).toEqual([0, 0, 0, ...Array.from({ length: 9 }, () => (51 * 52) / 2)])
})
