import { type JobOutcome, jobOutcomes } from '../core/counts/tally.ts'
import { bounded } from './bounded.ts'
import { histogramsOf } from './histograms.ts'
import type { Metric } from './metric.ts'
import type { MetricSource } from './metric-source.ts'
import { MAX_VALUES } from './values.ts'

/** How attempts end, wait and run. */
export function jobMetrics({ totals }: MetricSource): Metric[] {
  const ofJobs = totals.filter(({ kind }) => kind === 'job')
  const byTask = Map.groupBy(ofJobs, ({ name }) => name)
  // Zeros too: of a counter that begins with 1, nobody sees that it grew.
  const samples = [...byTask].flatMap(([task, counts]) => {
    const byOutcome = new Map(counts.map(({ outcome, n }) => [outcome, n]))
    return jobOutcomes.map(outcome => ({ labels: { task, outcome }, value: byOutcome.get(outcome) ?? 0 }))
  })
  const allOf = (wanted: JobOutcome): number =>
    ofJobs.filter(({ outcome }) => outcome === wanted).reduce((sum, { n }) => sum + n, 0)
  return [
    {
      name: 'job_outcomes',
      type: 'counter',
      help: 'Ends of attempts and jobs; a killed process takes those of its last seconds with it',
      samples: bounded(samples, 'task', MAX_VALUES)
    },
    {
      name: 'job_wait_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'How long jobs waited, from when they were due to their handler',
      histograms: histogramsOf(totals, 'wait', { label: 'task', most: MAX_VALUES })
    },
    {
      name: 'job_duration_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'How long handlers ran that ended',
      histograms: histogramsOf(totals, 'run', { label: 'task', most: MAX_VALUES })
    },
    {
      name: 'rescues',
      type: 'counter',
      help: 'Attempts whose process was lost, and whose jobs were freed',
      samples: [{ value: allOf('lost') }]
    },
    {
      name: 'stale_reports',
      type: 'counter',
      help: 'Reports of attempts that came too late, and changed nothing',
      samples: [{ value: allOf('stale') }]
    }
  ]
}
