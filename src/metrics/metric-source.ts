import type { ScheduleHealth } from '../core/counts/health.ts'
import type { Total } from '../core/counts/total.ts'
import type { AlertRule } from '../core/alerts/rule.ts'
import type { NodeState } from '../store/nodes.ts'
import type { QueueState } from '../store/reading.ts'
import type { SeatState } from '../store/seats.ts'

/** What one look at the books shows, for the metrics of the whole cluster. */
export interface MetricSource {
  /** The store's time. */
  readonly now: number
  readonly version: string
  readonly nextFireAt: number | undefined
  readonly totals: readonly Total[]
  readonly nodes: readonly NodeState[]
  readonly seats: readonly SeatState[]
  /** The rule of each open incident. */
  readonly incidents: readonly AlertRule[]
  /** The schedules that have to succeed within a time, in milliseconds, by their ids. */
  readonly successWithin: ReadonlyMap<string, number>
  /** Of these schedules. */
  readonly health: readonly ScheduleHealth[]
  /** Counted a while ago: that takes too long for each scrape. Undefined: not counted yet. */
  readonly counted: Counted | undefined
}

export interface Counted {
  readonly at: number
  readonly queues: readonly QueueState[]
  /** Since when the oldest due job of a queue waits that no process has claimed. */
  readonly oldest: ReadonlyMap<string, number>
  /** Tasks with unfinished jobs that no live node would run. */
  readonly unknownTasks: number
}
