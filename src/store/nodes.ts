import type { AttemptKey } from '../core/job/job.ts'

/** Says which set of schedules a process declares. */
export interface Declared {
  readonly app: string
  readonly release: number
  /** Of the set; empty: its code names no schedule, and has no say about any. */
  readonly hash: string
}

/** One process of ours, under one identity. A lost identity never comes back (rule 6). */
export interface NodeRecord {
  readonly id: string
  readonly host: string
  readonly pid: number
  /** Tells one run of the host's kernel from another. */
  readonly bootId: string
  readonly roles: readonly string[]
  readonly tasks: readonly string[]
  /** What its code names, one set for each app. */
  readonly declares: readonly Declared[]
  readonly release: number
  /** Of Escapement itself. */
  readonly version: string
  /** Version of the time-zone data of its Node. */
  readonly timezoneData: string
}

export interface NodeState extends NodeRecord {
  /** Raised at each renewal: the only thing that says whether the node lives. */
  readonly counter: number
  readonly phase: 'alive' | 'left' | 'lost'
  readonly startedAt: number
  /** Only to be shown: no clock decides who lives. */
  readonly renewedAt: number
}

export interface HeldAttempt extends AttemptKey {
  readonly cancelRequested: boolean
}

/** `lost`: this identity is gone; join again under a new one. */
export type Renewal = { readonly phase: 'alive'; readonly held: readonly HeldAttempt[] } | { readonly phase: 'lost' }

export interface NodeStore {
  /**
   * Writes the node as alive. Nodes of another boot of the same host are lost at once where the store's reach is the
   * host.
   */
  join(node: NodeRecord): Promise<void>
  /** Raises the counter, if the node is alive, and answers the attempts that the store thinks it holds. */
  renew(nodeId: string): Promise<Renewal>
  /** A graceful end: its running jobs, if any are left, can be rescued at once. */
  leave(nodeId: string): Promise<void>
  /** Lost, if it is alive and its counter is still the one that was seen to stand still. */
  markLost(nodeId: string, counter: number): Promise<boolean>
  /** All that are alive, and those that ended within the retention of nodes. */
  listNodes(): Promise<readonly NodeState[]>
}
