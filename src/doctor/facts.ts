import type { NodeState } from '../store/nodes.ts'
import type { TaskBacklog } from '../store/reading.ts'
import type { SeatState } from '../store/seats.ts'
import type { StoreTraits } from '../store/store.ts'
import type { AheadSchedule, OverdueSchedule } from '../views/overdue.ts'
import type { OwnerFacts } from '../views/owners.ts'

/** What a deployment was found to be. Whatever could not be looked at is left undefined, and is not judged. */
export interface Facts {
  /** The store's time. */
  readonly now: number
  readonly reach: StoreTraits['reach']
  readonly topology: string | undefined
  readonly leaseTtlMs: number
  readonly nodes: readonly NodeState[]
  /** Active schedules that are due and undecided, the one that waits longest first. */
  readonly overdue: readonly OverdueSchedule[]
  /** Schedules that were decided until an instant that is still to come, in the order of their ids. */
  readonly ahead?: readonly AheadSchedule[] | undefined
  readonly backlogs: readonly TaskBacklog[]
  readonly api: ApiFacts | undefined
  readonly database: DatabaseFacts
  readonly seats: SeatFacts | undefined
  readonly owners?: OwnerFacts | undefined
}

export interface ApiFacts {
  readonly isEnabled: boolean
  readonly isProduction: boolean
  readonly hasCredentials: boolean
}

export interface DatabaseFacts {
  /** Settings that decide what a power cut loses: name and value, as the database says them. */
  readonly durability?: Readonly<Record<string, string>> | undefined
  /** Database's clock less this host's. */
  readonly skewMs?: number | undefined
  readonly isPooled?: boolean | undefined
  /** Whether a connection that listens could be had. */
  readonly isHearingWakes?: boolean | undefined
}

export interface SeatFacts {
  readonly backend: 'file' | 'store' | 'redis'
  readonly seats: readonly SeatState[]
  /** Why nobody can hold a seat, in the words of the error. */
  readonly refusal: { readonly code: 'seat-refused' | 'seat-unavailable'; readonly message: string } | undefined
}
