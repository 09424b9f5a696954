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
}

/** As the books have it; only its counter shows whether it still renews. */
export const isAlive = ({ phase }: Pick<NodeState, 'phase'>): boolean => phase === 'alive'

export interface HeldAttempt extends AttemptKey {
  readonly cancelRequested: boolean
}

/** `lost`: this identity is gone, so join again under a new one. */
export type Renewal = { readonly phase: 'alive'; readonly held: readonly HeldAttempt[] } | { readonly phase: 'lost' }

export interface NodeStore {
  /** Writes the node as alive. If the store's reach is the host, nodes of its earlier boots are lost at once. */
  join(node: NodeRecord): Promise<void>
  /** Raises the counter if the node is alive, and returns the attempts that it holds in the books. */
  renew(nodeId: string): Promise<Renewal>
  /** Ends the node gracefully. Any jobs that still run can be rescued at once. */
  leave(nodeId: string): Promise<void>
  /** Marks the node as lost if it is alive and its counter has not moved from the given value. */
  markLost(nodeId: string, counter: number): Promise<boolean>
  /** All live nodes, and those that ended within the retention of nodes. */
  listNodes(): Promise<readonly NodeState[]>
}
