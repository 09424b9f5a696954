import { ledgerOutcomes } from '../core/schedule/ledger.ts'
import { histogramsOf } from './histograms.ts'
import type { Metric, Sample } from './metric.ts'
import type { MetricSource } from './metric-source.ts'
import { seconds } from './values.ts'

/** That fire times are decided, in time. */
export function promiseMetrics({ now, version, nextFireAt, totals }: MetricSource): Metric[] {
  // Zeros too: of a counter that begins with 1, nobody sees that it grew.
  const byDecision = (kind: 'fire' | 'undecided'): Sample[] => {
    const counts = new Map(totals.flatMap(total => (total.kind === kind ? [[total.outcome, total.n] as const] : [])))
    return ledgerOutcomes.map(decision => ({ labels: { decision }, value: counts.get(decision) ?? 0 }))
  }
  const overdueMs = nextFireAt === undefined ? 0 : Math.max(0, now - nextFireAt)
  return [
    {
      name: 'build_info',
      type: 'gauge',
      help: 'The version of Escapement that reports',
      samples: [{ labels: { version }, value: 1 }]
    },
    { name: 'fires', type: 'counter', help: 'Fire times, by what was decided about them', samples: byDecision('fire') },
    {
      name: 'fires_undecided',
      type: 'counter',
      help: 'Fire times whose decision was taken back, after a clock that ran ahead',
      samples: byDecision('undecided')
    },
    {
      name: 'fire_lateness_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'How long after their instant fire times fired',
      histograms: histogramsOf(totals, 'lateness')
    },
    {
      name: 'oldest_undecided_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'How long ago the earliest fire time was due about which nothing is decided yet',
      samples: [{ value: seconds(overdueMs) }]
    }
  ]
}

/** Of schedules that have to succeed within a time: one that never has, has no age. */
export function scheduleMetrics({ now, successWithin, health }: MetricSource): Metric[] {
  return [
    {
      name: 'schedule_success_within_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Within which time a schedule has to succeed',
      samples: Array.from(successWithin, ([schedule, ms]) => ({ labels: { schedule }, value: seconds(ms) }))
    },
    {
      name: 'schedule_last_success_age_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'How long ago a schedule succeeded, of those that have to within a time',
      samples: health.flatMap(({ scheduleId, lastSuccessAt }) =>
        lastSuccessAt === undefined || !successWithin.has(scheduleId)
          ? []
          : [{ labels: { schedule: scheduleId }, value: seconds(Math.max(0, now - lastSuccessAt)) }]
      )
    }
  ]
}
