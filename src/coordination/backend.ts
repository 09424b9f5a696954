import type { SeatState } from '../store/seats.ts'

/**
 * Decides which process may hold a seat. A back end grants the right to the next term. The term itself begins when it
 * is written into the books, with any back end, so that every write in a seat's name can be compared with it.
 */
export interface SeatBackend {
  /** Shown to people. */
  readonly name: 'store' | 'file' | 'redis'
  /** How often a contender tries. */
  readonly contendEveryMs: number
  /** How often a holder checks whether it still is one. */
  readonly beatEveryMs: number
  /**
   * Whether a right expires if it is not extended for a TTL. Otherwise it ends only with its process: a frozen process
   * keeps it.
   */
  readonly isLeased: boolean
  /**
   * @throws EscapementError for faults that only a person can fix. `take` handles those that may pass by themselves.
   */
  prepare(): Promise<void>
  /** Tries once. `read` returns the seat as the books have it. Undefined: another process has it. */
  take(seat: string, read: () => Promise<SeatState | undefined>): Promise<SeatRight | undefined>
  /** Closes what the back end itself keeps open. */
  close(): Promise<void>
}

/** A right to a seat, until it is lost or released. */
export interface SeatRight {
  /** The row of the books that the right is based on. */
  readonly seen: SeatState | undefined
  /** Greater than every term before it. */
  readonly term: number
  /** Renews once. False: the right is certainly lost. An error: nobody knows. */
  extend(): Promise<boolean>
  /** False if a check that needs no waiting shows that the right is lost. */
  isIntact(): boolean
  /**
   * Frees the seat for the next holder at once. Does nothing if the right is no longer ours; a second release is legal.
   */
  release(): Promise<void>
}
