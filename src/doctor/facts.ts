import type { NodeState } from '../store/nodes.ts'
import type { TaskBacklog } from '../store/reading.ts'
import type { StoreTraits } from '../store/store.ts'

/** What a deployment was found to be. Whatever could not be looked at is left undefined, and is not judged. */
export interface Facts {
  /** The store's time. */
  readonly now: number
  readonly reach: StoreTraits['reach']
  readonly topology: string | undefined
  readonly leaseTtlMs: number
  readonly nodes: readonly NodeState[]
  /** Active schedules that are due and undecided, the one that waits longest first. */
  readonly overdue: readonly { readonly id: string; readonly dueAt: number }[]
  readonly backlogs: readonly TaskBacklog[]
  readonly api: { readonly host: string; readonly hasCredentials: boolean } | undefined
  readonly database: DatabaseFacts
  readonly seats: SeatFacts | undefined
  readonly redis: { readonly evictionPolicy: string } | undefined
}

export interface DatabaseFacts {
  /** Settings that decide what a power cut loses: name and value, as the database says them. */
  readonly durability?: Readonly<Record<string, string>> | undefined
  /** Database's clock less this host's. */
  readonly skewMs?: number | undefined
  readonly pooler?: 'none' | 'session' | 'transaction' | undefined
  /** Whether a wake sent to this very process came back. */
  readonly isListenAlive?: boolean | undefined
}

export interface SeatFacts {
  readonly backend: 'file' | 'store' | 'redis'
  readonly seats: readonly {
    readonly seat: string
    readonly holder: string | undefined
    readonly term: number
    readonly heldSince: number | undefined
  }[]
  readonly lock?: {
    readonly path: string
    readonly fileSystem: string
    readonly isNetwork: boolean
    readonly problem: string | undefined
  }
}
