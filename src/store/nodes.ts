import type { TaskTally } from '../core/counts/tally.ts'
import type { ReportedKind, Total } from '../core/counts/total.ts'
import type { AttemptKey } from '../core/job/job.ts'

/** Which set of schedules a process declares. */
export interface Declared {
  readonly app: string
  readonly release: number
  /** The hash of the set. Empty: the code names no schedules, and decides nothing about any. */
  readonly hash: string
}

/** One process under one identity. A lost identity never comes back (rule 6). */
export interface NodeRecord {
  readonly id: string
  readonly host: string
  readonly pid: number
  /** Tells one boot of the host from another. */
  readonly bootId: string
  readonly roles: readonly string[]
  readonly tasks: readonly string[]
  /** The sets that its code names, one for each app. */
  readonly declares: readonly Declared[]
  readonly release: number
  /** The version of Escapement. */
  readonly version: string
  /** Version of the time-zone data of its Node. */
  readonly timezoneData: string
}

/** How a process was at its latest renewal. */
export interface Vitals {
  /** CPU time since the process began, of user and system, in seconds. */
  readonly cpuSeconds: number
  readonly rssBytes: number
  /** By how much timers were late since the renewal before: 99 of 100 by at most this, in milliseconds. */
  readonly loopLagMs: number | undefined
  /** The longest of these delays. */
  readonly longestLagMs: number | undefined
  /** The store's clock minus this host's, in milliseconds. Undefined if they are the same, or not compared yet. */
  readonly clockSkewMs: number | undefined
}

export interface NodeState extends NodeRecord {
  /** Raised at each renewal. Only this shows whether the node is alive. */
  readonly counter: number
  readonly phase: 'alive' | 'left' | 'lost'
  readonly startedAt: number
  /** For display only: no clock decides who is alive. */
  readonly renewedAt: number
  /**
   * Its wall time minus its host's monotonic time at its latest renewal. Undefined where the database's clock decides,
   * and for nodes of earlier releases.
   */
  readonly clockOffset?: number | undefined
  /** Undefined before its first renewal, and for nodes of earlier releases. */
  readonly vitals?: Vitals | undefined
}

/** As the books have it; only its counter shows whether it still renews. */
export const isAlive = ({ phase }: Pick<NodeState, 'phase'>): boolean => phase === 'alive'

export interface HeldAttempt extends AttemptKey {
  readonly cancelRequested: boolean
}

/** `lost`: this identity is gone, so join again under a new one. */
export type Renewal = { readonly phase: 'alive'; readonly held: readonly HeldAttempt[] } | { readonly phase: 'lost' }

/** What a node has counted under one identity. */
export interface ReportedTotal extends Total {
  readonly kind: ReportedKind
}

/**
 * What a node has counted since its identity joined: only what has grown since it last reported. Each number is the
 * whole sum, so that a report may be repeated.
 */
export interface NodeReport {
  readonly totals: readonly ReportedTotal[]
  readonly tallies: readonly TaskTally[]
  /** Undefined: those of before stay. */
  readonly vitals?: Vitals | undefined
}

export interface NodeStore {
  /** Writes the node as alive. If the store's reach is the host, nodes of its earlier boots are lost at once. */
  join(node: NodeRecord): Promise<void>
  /**
   * Raises the counter if the node is alive, and returns the attempts that it holds in the books. Writes the report in
   * the same step; if the node is lost, nothing of it.
   */
  renew(nodeId: string, report?: NodeReport): Promise<Renewal>
  /** Ends the node gracefully. Any jobs that still run can be rescued at once. */
  leave(nodeId: string): Promise<void>
  /** Marks the node as lost if it is alive and its counter has not moved from the given value. */
  markLost(nodeId: string, counter: number): Promise<boolean>
  /** All live nodes, and those that ended within the retention of nodes. */
  listNodes(): Promise<readonly NodeState[]>
}
