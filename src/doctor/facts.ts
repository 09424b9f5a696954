import type { NodeState } from '../store/nodes.ts'
import type { TaskBacklog } from '../store/reading.ts'
import type { SeatState } from '../store/seats.ts'
import type { StoreTraits } from '../store/store.ts'
import type { AheadSchedule, OverdueSchedule } from '../views/overdue.ts'
import type { OwnerFacts } from '../views/owners.ts'

/** The facts of a deployment. What could not be read is undefined, and is not judged. */
export interface Facts {
  /** The store's time. */
  readonly now: number
  readonly reach: StoreTraits['reach']
  readonly topology: string | undefined
  readonly leaseTtlMs: number
  readonly nodes: readonly NodeState[]
  /** Active schedules that are due and undecided. The longest wait comes first. */
  readonly overdue: readonly OverdueSchedule[]
  /** Schedules decided until a future instant, ordered by id. */
  readonly ahead?: readonly AheadSchedule[] | undefined
  readonly backlogs: readonly TaskBacklog[]
  readonly api: ApiFacts | undefined
  readonly database: DatabaseFacts
  readonly seats: SeatFacts | undefined
  readonly owners?: OwnerFacts | undefined
  /** Of the configuration that `doctor` was given. Undefined: it declares no schedules. */
  readonly app?: AppFacts | undefined
}

export interface AppFacts {
  readonly isProduction: boolean
  /** How many channels alerts go to. */
  readonly channels: number
  readonly isLogging: boolean
  /** The zone of schedules that name none, and that of this host. */
  readonly zone: string
  readonly hostZone: string
  /** How many unfinished jobs each schedule may have. */
  readonly instances: readonly { readonly id: string; readonly most: number }[]
}

export interface ApiFacts {
  readonly isEnabled: boolean
  readonly isProduction: boolean
  readonly hasCredentials: boolean
}

export interface DatabaseFacts {
  /** Settings that decide what a power cut loses: name and value, as the database reports them. */
  readonly durability?: Readonly<Record<string, string>> | undefined
  /** The database's clock minus this host's. */
  readonly skewMs?: number | undefined
  readonly isPooled?: boolean | undefined
  /** Whether a connection could listen for wakes. Undefined: none was tried. */
  readonly isHearingWakes?: boolean | undefined
}

export interface SeatFacts {
  readonly backend: 'file' | 'store' | 'redis'
  readonly seats: readonly SeatState[]
  /** Why nobody can hold a seat, as code and message of the error. */
  readonly refusal: { readonly code: 'seat-refused' | 'seat-unavailable'; readonly message: string } | undefined
}
