import { jobStates } from '../core/job/job.ts'
import { isAlive, type NodeState } from '../store/nodes.ts'
import { bounded } from './bounded.ts'
import type { Metric, Sample } from './metric.ts'
import type { Counted, MetricSource } from './metric-source.ts'

const MAX_NODES = 200
const MAX_VALUES = 200

/**
 * The metrics of the cluster, the same from each process that is asked: counters are sums over all processes that ever
 * were, so that a restart takes nothing back. No label has the id of a job or the text of an error.
 */
export function metricsOf(source: MetricSource): Metric[] {
  const { counted } = source
  return [
    ...promiseMetrics(source),
    ...jobMetrics(source),
    ...nodeMetrics(source),
    ...seatMetrics(source),
    ...(counted === undefined ? [] : queueMetrics(counted, source.now))
  ]
}

const seconds = (ms: number): number => ms / 1_000

function promiseMetrics({ now, version, nextFireAt, totals }: MetricSource): Metric[] {
  const byDecision = (kind: 'fire' | 'undecided'): Sample[] =>
    totals.filter(total => total.kind === kind).map(({ outcome, n }) => ({ labels: { decision: outcome }, value: n }))
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
      name: 'oldest_undecided_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'How long ago the earliest fire time was due about which nothing is decided yet',
      samples: [{ value: seconds(overdueMs) }]
    }
  ]
}

function jobMetrics({ totals }: MetricSource): Metric[] {
  const ofJobs = totals.filter(({ kind }) => kind === 'job')
  const samples = ofJobs.map(({ name, outcome, n }) => ({ labels: { task: name, outcome }, value: n }))
  return [
    {
      name: 'job_outcomes',
      type: 'counter',
      help: 'Ends of attempts and jobs; a killed process takes those of its last seconds with it',
      samples: bounded(samples, 'task', MAX_VALUES)
    }
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
  const byRole = Map.groupBy(
    alive.flatMap(({ roles }) => roles),
    role => role
  )
  return [
    {
      name: 'nodes',
      type: 'gauge',
      help: 'Live processes, by role',
      samples: Array.from(byRole, ([role, all]) => ({ labels: { role }, value: all.length }))
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

function seatMetrics({ seats }: MetricSource): Metric[] {
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
    }
  ]
}

function queueMetrics({ at, queues, unknownTasks }: Counted, now: number): Metric[] {
  const jobs = queues.flatMap(({ queue, counts }) =>
    jobStates.flatMap(state => {
      const value = counts[state]
      return value === undefined ? [] : [{ labels: { queue, state }, value }]
    })
  )
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
