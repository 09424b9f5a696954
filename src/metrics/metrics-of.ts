import { alertRules } from '../core/alerts/rule.ts'
import { jobStates } from '../core/job/job.ts'
import { isAlive, type NodeState } from '../store/nodes.ts'
import { bounded } from './bounded.ts'
import type { Metric, Sample } from './metric.ts'
import type { Counted, MetricSource } from './metric-source.ts'
import { jobMetrics } from './job-metrics.ts'
import { promiseMetrics, scheduleMetrics } from './promise-metrics.ts'
import { MAX_VALUES, seconds } from './values.ts'

const MAX_NODES = 200
const PHASES = ['alive', 'left', 'lost'] as const
const ROLES = ['web', 'scheduler', 'worker'] as const

/**
 * The metrics of the cluster, the same from each process that is asked: counters are sums over all processes that ever
 * were, so that a restart takes nothing back. No label has the id of a job or the text of an error.
 */
export function metricsOf(source: MetricSource): Metric[] {
  const { counted } = source
  return [
    ...promiseMetrics(source),
    ...scheduleMetrics(source),
    ...jobMetrics(source),
    ...nodeMetrics(source),
    ...seatMetrics(source),
    incidentMetric(source),
    ...(counted === undefined ? [] : queueMetrics(counted, source.now))
  ]
}

function nodeMetrics({ nodes }: MetricSource): Metric[] {
  const alive = nodes.filter(isAlive)
  const shown = alive.slice(0, MAX_NODES)
  const ofEach = (value: (node: NodeState) => number | undefined): Sample[] =>
    shown.flatMap(node => {
      const found = value(node)
      return found === undefined ? [] : [{ labels: { host: node.host, pid: String(node.pid) }, value: found }]
    })
  const optional = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : seconds(ms))
  const countOf = (role: string, phase: NodeState['phase']): number =>
    nodes.filter(node => node.phase === phase && node.roles.includes(role)).length
  return [
    {
      name: 'nodes',
      type: 'gauge',
      help: 'Processes, by role; those that have left or were lost, for a day',
      samples: ROLES.flatMap(role => PHASES.map(phase => ({ labels: { role, phase }, value: countOf(role, phase) })))
    },
    {
      name: 'release',
      type: 'gauge',
      help: 'The newest release that a live process has',
      samples: alive.length === 0 ? [] : [{ value: alive.reduce((most, { release }) => Math.max(most, release), 0) }]
    },
    {
      name: 'clock_skew_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'By how much the clock of the database is ahead of the host of a process',
      samples: ofEach(({ vitals }) => optional(vitals?.clockSkewMs))
    },
    {
      name: 'loop_lag_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'By how much timers of a process were late, 99 of 100 by at most this',
      samples: ofEach(({ vitals }) => optional(vitals?.loopLagMs))
    },
    {
      name: 'cpu_seconds',
      type: 'counter',
      unit: 'seconds',
      help: 'Processor time of a process',
      samples: ofEach(({ vitals }) => vitals?.cpuSeconds)
    },
    {
      name: 'memory_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Resident memory of a process',
      samples: ofEach(({ vitals }) => vitals?.rssBytes)
    }
  ]
}

function seatMetrics({ seats, totals }: MetricSource): Metric[] {
  const takeovers = new Map(totals.flatMap(({ kind, name, n }) => (kind === 'takeover' ? [[name, n] as const] : [])))
  const ofEach = (value: (seat: MetricSource['seats'][number]) => number): Sample[] =>
    seats.slice(0, MAX_VALUES).map(seat => ({ labels: { seat: seat.seat }, value: value(seat) }))
  return [
    {
      name: 'seat_term',
      type: 'gauge',
      help: 'The term of a seat, which grows with every holder',
      samples: ofEach(({ term }) => term)
    },
    {
      name: 'seat_held',
      type: 'gauge',
      help: 'Whether a seat has a holder',
      samples: ofEach(({ holder }) => (holder === undefined ? 0 : 1))
    },
    {
      name: 'takeovers',
      type: 'counter',
      help: 'How often a seat was taken whose holder had not resigned',
      samples: ofEach(({ seat }) => takeovers.get(seat) ?? 0)
    }
  ]
}

function incidentMetric({ incidents }: MetricSource): Metric {
  const open = (rule: string): number => incidents.filter(each => each === rule).length
  return {
    name: 'incidents',
    type: 'gauge',
    help: 'Open incidents, by the rule of the alerts',
    samples: alertRules.map(rule => ({ labels: { rule }, value: open(rule) }))
  }
}

function queueMetrics({ at, queues, oldest, unknownTasks }: Counted, now: number): Metric[] {
  const jobs = queues.flatMap(({ queue, counts }) =>
    jobStates.flatMap(state => {
      const value = counts[state]
      return value === undefined ? [] : [{ labels: { queue, state }, value }]
    })
  )
  const ages = [...oldest]
    .map(([queue, runAt]) => ({ labels: { queue }, value: seconds(Math.max(0, at - runAt)) }))
    .sort((a, b) => b.value - a.value)
  const paused = queues.flatMap(({ queue, pausedAt }) =>
    pausedAt === undefined ? [] : [{ labels: { queue }, value: 1 }]
  )
  return [
    {
      name: 'jobs',
      type: 'gauge',
      help: 'Unfinished jobs, by queue and state',
      samples: bounded(jobs, 'queue', MAX_VALUES)
    },
    {
      name: 'queue_oldest_available_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'How long the oldest due job of a queue has waited for a process',
      samples: ages.slice(0, MAX_VALUES)
    },
    { name: 'queue_paused', type: 'gauge', help: 'Paused queues', samples: paused.slice(0, MAX_VALUES) },
    {
      name: 'unknown_tasks',
      type: 'gauge',
      help: 'Tasks with unfinished jobs that no live process would run',
      samples: [{ value: unknownTasks }]
    },
    {
      name: 'stat_age_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'How long ago the unfinished jobs were counted',
      samples: [{ value: seconds(Math.max(0, now - at)) }]
    }
  ]
}
